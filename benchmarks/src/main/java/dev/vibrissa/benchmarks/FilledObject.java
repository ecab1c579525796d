package dev.vibrissa.benchmarks;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What {@code fill/begin.sql} makes of the number of an object, so that questions can be asked without looking into the
 * database, which would have their answers in memory then.
 *
 * @param number 0 to {@code objects - 1}
 * @param objects in the whole database, a multiple of 80
 */
record FilledObject(long number, long objects) {
    static final long FIRST_CHECKPOINT = 300_000_001;
    private static final long PRIME = 2_147_483_647;
    private static final int PUBLISHERS = 1000;

    SuiAddress objectId() {
        return new SuiAddress(id('o', number));
    }

    BlobId blobId() {
        return new BlobId(id('b', number - (number % 20 == 19 ? 1 : 0)));
    }

    SuiAddress owner() {
        double draw = draw(number, 3);
        return new SuiAddress(id('a', (long) Math.floor((double) (objects / 200) * draw * draw * draw)));
    }

    /** A transaction with ten registrations or certifications; those from before the first checkpoint lend their number. */
    long transaction() {
        return number / 20;
    }

    Digest digest() {
        return new Digest(id('t', transaction()));
    }

    long checkpoint() {
        return FIRST_CHECKPOINT + transaction();
    }

    SuiAddress publisher() {
        return new SuiAddress(id('s', transaction() / 2 % PUBLISHERS));
    }

    /** From 0 to 1. */
    static double draw(long n, long salt) {
        long mixed = (n * 48_271 + salt) % PRIME;
        return (double) ((mixed * mixed + salt) % PRIME) / PRIME;
    }

    private static byte[] id(char kind, long n) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(String.valueOf(kind).getBytes(StandardCharsets.US_ASCII));
            return sha256.digest(ByteBuffer.allocate(Long.BYTES).putLong(n).array());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
