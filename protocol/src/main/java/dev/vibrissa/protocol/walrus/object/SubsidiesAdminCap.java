package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * The right to set the subsidies.
 *
 * @see "Move: walrus_subsidies::walrus_subsidies::AdminCap"
 */
public record SubsidiesAdminCap(SuiAddress id, SuiAddress subsidiesId) implements WalrusObject {
    public static SubsidiesAdminCap decode(BcsReader in) {
        return new SubsidiesAdminCap(SuiAddress.decode(in), SuiAddress.decode(in));
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        subsidiesId.encode(out);
    }
}
