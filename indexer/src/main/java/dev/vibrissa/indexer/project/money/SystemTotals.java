package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.SystemChange;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;

/** The System at a moment, without the accounts of epochs. Capacities in encoded bytes, all amounts unsigned. */
record SystemTotals(
        long epoch, int nShards, long totalCapacity, long usedCapacity, long storagePrice, long writePrice) {
    /** Before anything is known. */
    static final SystemTotals UNKNOWN = new SystemTotals(0, 0, 0, 0, 0, 0);

    static SystemTotals of(SystemChange change) {
        return new SystemTotals(
                change.epoch(),
                change.nShards(),
                change.totalCapacity(),
                change.usedCapacity(),
                change.storagePrice(),
                change.writePrice());
    }

    static SystemTotals of(SystemStateInner inner) {
        return new SystemTotals(
                inner.committee().epoch(),
                inner.committee().nShards(),
                inner.totalCapacitySize(),
                inner.usedCapacitySize(),
                inner.storagePricePerUnitSize(),
                inner.writePricePerUnitSize());
    }
}
