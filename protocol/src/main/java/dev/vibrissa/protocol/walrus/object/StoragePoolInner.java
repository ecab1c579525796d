package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;

/**
 * The state of a storage pool.
 *
 * @param usedEncodedBytes encoded bytes of the blobs in it
 * @param blobs blob id to {@link PooledBlob}
 * @see "Move: walrus::storage_pool::StoragePoolInnerV1"
 */
public record StoragePoolInner(Storage storage, long usedEncodedBytes, long blobCount, MoveTable blobs)
        implements WalrusObject {
    public static StoragePoolInner decode(BcsReader in) {
        return new StoragePoolInner(Storage.decode(in), in.u64(), in.u64(), MoveTable.decode(in));
    }

    @Override
    public void encode(BcsWriter out) {
        storage.encode(out);
        out.u64(usedEncodedBytes);
        out.u64(blobCount);
        blobs.encode(out);
    }
}
