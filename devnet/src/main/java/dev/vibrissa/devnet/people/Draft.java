package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.contract.WalrusCalls.Content;
import dev.vibrissa.devnet.node.EncodedBlob;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.redstuff.EncodingConfig;
import java.math.BigInteger;
import java.util.SplittableRandom;

/**
 * Something that somebody is about to store.
 *
 * @param encodedBytes what it takes of the network's capacity
 */
record Draft(EncodedBlob blob, Content content, long encodedBytes) {
    /** Mostly a few kilobytes of noise, now and then more. */
    static Draft of(EncodingConfig config, SplittableRandom dice) {
        byte[] bytes = new byte[1 + dice.nextInt(dice.nextInt(4) == 0 ? 60_000 : 4_000)];
        dice.nextBytes(bytes);
        return of(config, bytes);
    }

    /** Anything. */
    static Draft of(EncodingConfig config, byte[] bytes) {
        EncodedBlob blob = EncodedBlob.of(config, bytes);
        Bytes root = Bytes.of(blob.metadata().metadata().root().toByteArray());
        return new Draft(blob, new Content(blob.blobId(), u256(root), bytes.length), config.encodedBytes(bytes.length));
    }

    private static BigInteger u256(Bytes littleEndian) {
        byte[] bytes = new byte[littleEndian.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = littleEndian.at(bytes.length - 1 - i);
        }
        return new BigInteger(1, bytes);
    }
}
