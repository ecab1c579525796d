package dev.vibrissa.protocol.walrus.status;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.PooledBlob;
import java.util.Optional;

/** Something that the chain tells about a blob id, or about a storage pool that one of its objects lies in. */
public sealed interface BlobFact {
    Position position();

    /**
     * An event: a {@code BlobEvent} of the blob id, a {@code StoragePoolEvent} of one of its pools, or
     * {@code EpochChangeStart}.
     */
    record Happened(Position position, EventId id, WalrusEvent event) implements BlobFact {}

    /**
     * An object as it was before the transaction at this position, needed where the history does not reach back to
     * its registration. Says nothing new about an object that is known already. The pool of a pooled one is to be told
     * of first: without it nobody knows its end.
     *
     * @param size unencoded bytes, unsigned
     */
    record Observed(
            Position position,
            BlobId blobId,
            SuiAddress objectId,
            Term term,
            long size,
            long registeredEpoch,
            Optional<Long> certifiedEpoch,
            boolean deletable)
            implements BlobFact {
        public static Observed of(Position position, Blob blob) {
            return new Observed(
                    position,
                    blob.blobId(),
                    blob.id(),
                    new Term.Own(blob.storage().endEpoch()),
                    blob.size(),
                    blob.registeredEpoch(),
                    blob.certifiedEpoch(),
                    blob.deletable());
        }

        public static Observed of(Position position, PooledBlob blob) {
            return new Observed(
                    position,
                    blob.blobId(),
                    blob.id(),
                    new Term.InPool(blob.storagePoolId()),
                    blob.unencodedSize(),
                    blob.registeredEpoch(),
                    blob.certifiedEpoch(),
                    blob.deletable());
        }
    }

    /**
     * A storage pool as it was before the transaction at this position.
     *
     * @param endEpoch exclusive
     */
    record PoolObserved(Position position, SuiAddress poolId, long endEpoch) implements BlobFact {}

    /**
     * The owner destroyed the object without deleting the blob: nobody can extend or delete it any more, and it stays
     * stored to its end. Not for event blobs, whose object the contract itself burns at once.
     */
    record Burned(Position position, SuiAddress objectId) implements BlobFact {}
}
