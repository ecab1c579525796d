package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * The shared object under which the {@link TreasuryCap} lies.
 *
 * @see "Move: wal::wal::ProtectedTreasury"
 */
public record ProtectedTreasury(SuiAddress id) implements WalrusObject {
    public static ProtectedTreasury decode(BcsReader in) {
        return new ProtectedTreasury(SuiAddress.decode(in));
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
    }
}
