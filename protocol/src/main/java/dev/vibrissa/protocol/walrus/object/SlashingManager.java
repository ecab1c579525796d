package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * Where storage nodes vote on taking a node's commission.
 *
 * @param slashingCandidates node id to {@link SlashingProposal}
 * @see "Move: walrus::slashing::SlashingManager"
 */
public record SlashingManager(SuiAddress id, MoveTable slashingCandidates) implements WalrusObject {
    public static SlashingManager decode(BcsReader in) {
        return new SlashingManager(SuiAddress.decode(in), MoveTable.decode(in));
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        slashingCandidates.encode(out);
    }
}
