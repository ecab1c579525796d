package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;

/**
 * The votes for one package digest, in one epoch.
 *
 * @param version of the contract that the upgrade leads to
 * @param voters node ids
 * @see "Move: walrus::upgrade::UpgradeProposal"
 */
public record UpgradeProposal(long epoch, Digest digest, long version, int votingWeight, List<SuiAddress> voters)
        implements WalrusObject {
    public static UpgradeProposal decode(BcsReader in) {
        return new UpgradeProposal(in.u32(), Digest.decode(in), in.u64(), in.u16(), in.list(SuiAddress::decode));
    }

    @Override
    public void encode(BcsWriter out) {
        out.u32(epoch);
        digest.encodeWithLength(out);
        out.u64(version);
        out.u16(votingWeight);
        out.list(voters, (to, each) -> each.encode(to));
    }
}
