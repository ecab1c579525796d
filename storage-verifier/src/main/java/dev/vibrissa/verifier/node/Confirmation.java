package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.protocol.walrus.Decoding;
import dev.vibrissa.protocol.walrus.KeyBytes;
import java.util.Optional;

/**
 * A node's signed statement that it keeps all slivers of its shards of a blob. A statement, not a proof: the node looks
 * into an index to make it, and within an epoch may repeat an old one.
 *
 * @param deletableObject the object it speaks of; empty: it speaks of the blob as a permanent one
 * @param message what was signed, 40 or 72 bytes
 * @param signature 96 bytes, verified under the node's signing key
 */
public record Confirmation(
        long epoch, BlobId blobId, Optional<SuiAddress> deletableObject, Bytes message, Bytes signature) {
    /**
     * Holds a statement as it was kept against the key again.
     *
     * @return why it does not say, under this key, that the node keeps its part of the blob in the epoch; empty if it does
     */
    public static Optional<String> faultOf(Bytes message, Bytes signature, KeyBytes key, long epoch, BlobId blobId) {
        if (!(CertificateMessage.decode(message.toByteArray())
                instanceof Decoding.Known<CertificateMessage>(CertificateMessage.BlobStored stored))) {
            return Optional.of("no storage confirmation");
        }
        if (!stored.blobId().equals(blobId) || stored.epoch() != epoch) {
            return Optional.of("it is about blob %s in epoch %d".formatted(stored.blobId(), stored.epoch()));
        }
        return NodeSignature.faultOfKey(key)
                .or(() -> NodeSignature.faultOf(signature.toByteArray(), message.toByteArray(), key))
                .map(Failure::toString);
    }
}
