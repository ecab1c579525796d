package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * A reservation of encoded bytes for the epochs from {@code startEpoch} up to, not including, {@code endEpoch}.
 *
 * @param storageSize encoded bytes
 * @see "Move: walrus::storage_resource::Storage"
 */
public record Storage(SuiAddress id, long startEpoch, long endEpoch, long storageSize) implements WalrusObject {
    public static Storage decode(BcsReader in) {
        return new Storage(SuiAddress.decode(in), in.u32(), in.u32(), in.u64());
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        out.u32(startEpoch);
        out.u32(endEpoch);
        out.u64(storageSize);
    }
}
