package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * Sui's {@code Table}, {@code ObjectTable}, {@code Bag} or {@code ObjectBag}: only the id under which its entries lie as
 * dynamic fields, and their number.
 */
public record MoveTable(SuiAddress id, long size) {
    public static MoveTable decode(BcsReader in) {
        return new MoveTable(SuiAddress.decode(in), in.u64());
    }

    public void encode(BcsWriter out) {
        id.encode(out);
        out.u64(size);
    }
}
