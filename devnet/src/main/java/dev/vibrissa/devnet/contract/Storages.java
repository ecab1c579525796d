package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.Storage;

/**
 * Rules of reserved storage: what is split or fused is neither more nor less than before.
 *
 * @see "Move: walrus::storage_resource"
 */
final class Storages {
    private static final String MODULE = "storage_resource";

    private Storages() {}

    /** What stays of a storage, and what was split off. */
    record Split(Storage kept, Storage rest) {}

    /** @param epoch the first epoch of the rest */
    static Split splitByEpoch(Storage storage, long epoch, SuiAddress restId) {
        Abort.unless(epoch > storage.startEpoch() && epoch < storage.endEpoch(), MODULE, "split_by_epoch", 0);
        return new Split(until(storage, epoch), new Storage(restId, epoch, storage.endEpoch(), storage.storageSize()));
    }

    /** @param size what stays */
    static Split splitBySize(Storage storage, long size, SuiAddress restId) {
        Abort.unless(Long.compareUnsigned(storage.storageSize(), size) >= 0, MODULE, "split_by_size", 1);
        return new Split(
                sized(storage, size),
                new Storage(restId, storage.startEpoch(), storage.endEpoch(), storage.storageSize() - size));
    }

    /** Fuses epochs if the two begin at different times, else sizes. */
    static Storage fuse(Storage first, Storage second) {
        return first.startEpoch() == second.startEpoch() ? fuseAmount(first, second) : fusePeriods(first, second);
    }

    static Storage fusePeriods(Storage first, Storage second) {
        Abort.unless(first.storageSize() == second.storageSize(), MODULE, "fuse_periods", 2);
        if (first.endEpoch() == second.startEpoch()) {
            return until(first, second.endEpoch());
        }
        Abort.unless(first.startEpoch() == second.endEpoch(), MODULE, "fuse_periods", 1);
        return new Storage(first.id(), second.startEpoch(), first.endEpoch(), first.storageSize());
    }

    static Storage fuseAmount(Storage first, Storage second) {
        Abort.unless(
                first.startEpoch() == second.startEpoch() && first.endEpoch() == second.endEpoch(),
                MODULE,
                "fuse_amount",
                1);
        return sized(first, U64.add(first.storageSize(), second.storageSize()));
    }

    static Storage until(Storage storage, long endEpoch) {
        return new Storage(storage.id(), storage.startEpoch(), endEpoch, storage.storageSize());
    }

    static Storage sized(Storage storage, long size) {
        return new Storage(storage.id(), storage.startEpoch(), storage.endEpoch(), size);
    }
}
