package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * Storage that many blobs share. What it holds stands in its {@link StoragePoolInner}.
 *
 * @param version key of the dynamic field with the inner state
 * @see "Move: walrus::storage_pool::StoragePool"
 */
public record StoragePool(SuiAddress id, long version) implements WalrusObject {
    public static StoragePool decode(BcsReader in) {
        return new StoragePool(SuiAddress.decode(in), in.u64());
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        out.u64(version);
    }
}
