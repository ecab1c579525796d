package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.Optional;

/**
 * The shared object of storage and prices.
 *
 * @param version key of the dynamic field with the {@link SystemStateInner}; equals the contract's version
 * @param packageId the newest package in force
 * @param newPackageId a package that was committed but not yet migrated to
 * @see "Move: walrus::system::System"
 */
public record WalrusSystem(SuiAddress id, long version, SuiAddress packageId, Optional<SuiAddress> newPackageId)
        implements WalrusObject {
    public static WalrusSystem decode(BcsReader in) {
        return new WalrusSystem(SuiAddress.decode(in), in.u64(), SuiAddress.decode(in), in.option(SuiAddress::decode));
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        out.u64(version);
        packageId.encode(out);
        out.option(newPackageId, (to, each) -> each.encode(to));
    }
}
