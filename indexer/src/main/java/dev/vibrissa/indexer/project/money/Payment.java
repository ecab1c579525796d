package dev.vibrissa.indexer.project.money;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One purchase or fee, or one part of a subsidy: the same amount for each of some epochs.
 *
 * @param bytes encoded bytes that were paid for, unsigned; 0 for a subsidy
 * @param perEpoch FROST for each of the epochs; negative only if what we explained is more than there is
 * @param sharedBlob the SharedBlob whose funds paid; null if an address did
 * @param object the blob that was registered or extended
 * @param storagePool the pool that was created, extended, made larger or written to
 */
record Payment(
        Kind kind,
        long bytes,
        long firstEpoch,
        long endEpochExclusive,
        long perEpoch,
        @Nullable SuiAddress sharedBlob,
        @Nullable SuiAddress object,
        @Nullable SuiAddress storagePool) {

    /** What was paid; the words of the column {@code payment.what}. */
    enum Kind {
        RESERVE_SPACE,
        RESERVE_SPACE_FOR_EPOCHS,
        WRITE,
        WRITE_POOLED,
        EXTEND,
        CREATE_STORAGE_POOL,
        EXTEND_STORAGE_POOL,
        INCREASE_STORAGE_POOL_CAPACITY,
        /** Room that storage nodes take for their event blobs, for nothing: no payment, and kept apart. */
        EVENT_BLOB,
        /** WAL that came in without a purchase that we can name. */
        UNATTRIBUTED,
        USAGE_SUBSIDY,
        ADD_SUBSIDY,
        LEGACY_SUBSIDY;

        String column() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean isSubsidy() {
            return switch (this) {
                case USAGE_SUBSIDY, ADD_SUBSIDY, LEGACY_SUBSIDY -> true;
                default -> false;
            };
        }

        /** Whether the bytes are reserved in each of the epochs. */
        boolean reserves() {
            return switch (this) {
                case WRITE, WRITE_POOLED -> false;
                default -> true;
            };
        }
    }

    static Payment of(Kind kind, long bytes, long firstEpoch, long endEpochExclusive, long perEpoch) {
        return new Payment(kind, bytes, firstEpoch, endEpochExclusive, perEpoch, null, null, null);
    }

    Payment by(SuiAddress payingSharedBlob) {
        return new Payment(kind, bytes, firstEpoch, endEpochExclusive, perEpoch, payingSharedBlob, object, storagePool);
    }

    Payment forBlob(SuiAddress blobObject) {
        return new Payment(kind, bytes, firstEpoch, endEpochExclusive, perEpoch, sharedBlob, blobObject, storagePool);
    }

    Payment forPool(SuiAddress pool) {
        return new Payment(kind, bytes, firstEpoch, endEpochExclusive, perEpoch, sharedBlob, object, pool);
    }

    /** FROST over all its epochs. */
    long total() {
        return Math.multiplyExact(perEpoch, endEpochExclusive - firstEpoch);
    }
}
