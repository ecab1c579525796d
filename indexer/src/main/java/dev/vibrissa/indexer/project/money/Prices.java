package dev.vibrissa.indexer.project.money;

import dev.vibrissa.protocol.walrus.EncodedSize;

/**
 * What storage costs at a moment.
 *
 * @param storage FROST per unit and epoch, unsigned
 * @param write FROST per unit, once, unsigned
 */
record Prices(long storage, long write) {
    /** FROST that reserving so many encoded bytes costs for one epoch. */
    long ofStorage(long bytes) {
        return cost(storage, bytes);
    }

    /** FROST that writing a blob of so many encoded bytes costs. */
    long ofWrite(long bytes) {
        return cost(write, bytes);
    }

    /** A cost beyond 2^63 exceeds all the WAL there is: nobody paid it, and the accounts of epochs will say so. */
    private static long cost(long price, long bytes) {
        long units = EncodedSize.units(bytes);
        if (units == 0 || price == 0) {
            return 0;
        }
        return price < 0 || Math.multiplyHigh(price, units) != 0 || price * units < 0 ? Long.MAX_VALUE : price * units;
    }
}
