package dev.vibrissa.protocol.walrus.status;

import dev.vibrissa.protocol.sui.SuiAddress;

/** Until when a blob object is stored. */
public sealed interface Term {
    /**
     * Storage of its own ({@code blob::Blob}).
     *
     * @param endEpoch exclusive
     */
    record Own(long endEpoch) implements Term {}

    /** A storage pool's ({@code storage_pool::PooledBlob}): it ends with the pool. */
    record InPool(SuiAddress poolId) implements Term {}
}
