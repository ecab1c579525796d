package dev.vibrissa.protocol.walrus.status;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.Optional;

/**
 * One {@code Blob} or {@code PooledBlob} object of a blob id, as far as its status goes.
 *
 * @param registeredEpoch unknown if history begins later and the object itself was never seen
 * @param certifiedEpoch of its first certification
 * @param deletedEpoch in which {@code BlobDeleted} or {@code PooledBlobDeleted} told its end
 * @param burned whether its owner destroyed it while the blob stays stored
 */
public record BlobObject(
        SuiAddress objectId,
        Term term,
        Optional<Long> registeredEpoch,
        Optional<Long> certifiedEpoch,
        boolean deletable,
        Optional<Long> deletedEpoch,
        boolean burned) {
    BlobObject(
            SuiAddress objectId,
            Term term,
            Optional<Long> registeredEpoch,
            Optional<Long> certifiedEpoch,
            boolean deletable) {
        this(objectId, term, registeredEpoch, certifiedEpoch, deletable, Optional.empty(), false);
    }

    public boolean isCertified() {
        return certifiedEpoch.isPresent();
    }

    public boolean isDeleted() {
        return deletedEpoch.isPresent();
    }

    /** Neither deletable nor in a pool. A pooled blob counts as deletable whatever its flag says: its pool decides. */
    public boolean isPermanent() {
        return !deletable && term instanceof Term.Own;
    }

    BlobObject certified(long epoch) {
        return new BlobObject(objectId, term, registeredEpoch, Optional.of(epoch), deletable, deletedEpoch, burned);
    }

    BlobObject extended(long endEpoch) {
        return new BlobObject(
                objectId, new Term.Own(endEpoch), registeredEpoch, certifiedEpoch, deletable, deletedEpoch, burned);
    }

    BlobObject deleted(long epoch) {
        return new BlobObject(objectId, term, registeredEpoch, certifiedEpoch, deletable, Optional.of(epoch), burned);
    }

    BlobObject asBurned() {
        return new BlobObject(objectId, term, registeredEpoch, certifiedEpoch, deletable, deletedEpoch, true);
    }
}
