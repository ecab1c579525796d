package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * The first subsidies contract, in use until mid-2025.
 *
 * @param buyerSubsidyRate basis points
 * @param systemSubsidyRate basis points
 * @param subsidyPool FROST
 * @see "Move: subsidies::subsidies::Subsidies"
 */
public record Subsidies(
        SuiAddress id,
        int buyerSubsidyRate,
        int systemSubsidyRate,
        long subsidyPool,
        SuiAddress packageId,
        long version)
        implements WalrusObject {
    public static Subsidies decode(BcsReader in) {
        return new Subsidies(SuiAddress.decode(in), in.u16(), in.u16(), in.u64(), SuiAddress.decode(in), in.u64());
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        out.u16(buyerSubsidyRate);
        out.u16(systemSubsidyRate);
        out.u64(subsidyPool);
        packageId.encode(out);
        out.u64(version);
    }
}
