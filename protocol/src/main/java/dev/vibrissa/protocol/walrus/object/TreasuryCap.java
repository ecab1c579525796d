package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * The supply of WAL. The same layout serves every coin, so whoever asks looks at the type parameter.
 *
 * @param totalSupply FROST in existence after all burns
 * @see "Move: 0x2::coin::TreasuryCap"
 */
public record TreasuryCap(SuiAddress id, long totalSupply) implements WalrusObject {
    public static TreasuryCap decode(BcsReader in) {
        return new TreasuryCap(SuiAddress.decode(in), in.u64());
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        out.u64(totalSupply);
    }
}
