package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * The right to upgrade without a vote.
 *
 * @see "Move: walrus::upgrade::EmergencyUpgradeCap"
 */
public record EmergencyUpgradeCap(SuiAddress id, SuiAddress upgradeManagerId) implements WalrusObject {
    public static EmergencyUpgradeCap decode(BcsReader in) {
        return new EmergencyUpgradeCap(SuiAddress.decode(in), SuiAddress.decode(in));
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        upgradeManagerId.encode(out);
    }
}
