package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * The shared object that pays subsidies; its state is the {@link WalrusSubsidiesInner}.
 *
 * @see "Move: walrus_subsidies::walrus_subsidies::WalrusSubsidies"
 */
public record WalrusSubsidies(SuiAddress id, long version, SuiAddress packageId) implements WalrusObject {
    public static WalrusSubsidies decode(BcsReader in) {
        return new WalrusSubsidies(SuiAddress.decode(in), in.u64(), SuiAddress.decode(in));
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        out.u64(version);
        packageId.encode(out);
    }
}
