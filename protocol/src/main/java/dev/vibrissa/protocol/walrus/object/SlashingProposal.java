package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;

/**
 * The votes against one node, in one epoch.
 *
 * @param voters node ids
 * @see "Move: walrus::slashing::SlashingProposal"
 */
public record SlashingProposal(long epoch, SuiAddress nodeId, int votingWeight, List<SuiAddress> voters)
        implements WalrusObject {
    public static SlashingProposal decode(BcsReader in) {
        return new SlashingProposal(in.u32(), SuiAddress.decode(in), in.u16(), in.list(SuiAddress::decode));
    }

    @Override
    public void encode(BcsWriter out) {
        out.u32(epoch);
        nodeId.encode(out);
        out.u16(votingWeight);
        out.list(voters, (to, each) -> each.encode(to));
    }
}
