package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * Where storage nodes vote on contract upgrades.
 *
 * @param upgradeProposals package digest to {@link UpgradeProposal}
 * @see "Move: walrus::upgrade::UpgradeManager"
 */
public record UpgradeManager(SuiAddress id, UpgradeCap cap, MoveTable upgradeProposals) implements WalrusObject {
    public static UpgradeManager decode(BcsReader in) {
        return new UpgradeManager(SuiAddress.decode(in), UpgradeCap.decode(in), MoveTable.decode(in));
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        cap.encode(out);
        upgradeProposals.encode(out);
    }

    /**
     * Sui's right to upgrade a package.
     *
     * @param packageId the newest version of the package
     * @param policy what an upgrade may change
     * @see "Move: 0x2::package::UpgradeCap"
     */
    public record UpgradeCap(SuiAddress id, SuiAddress packageId, long version, int policy) {
        public static UpgradeCap decode(BcsReader in) {
            return new UpgradeCap(SuiAddress.decode(in), SuiAddress.decode(in), in.u64(), in.u8());
        }

        public void encode(BcsWriter out) {
            id.encode(out);
            packageId.encode(out);
            out.u64(version);
            out.u8(policy);
        }
    }
}
