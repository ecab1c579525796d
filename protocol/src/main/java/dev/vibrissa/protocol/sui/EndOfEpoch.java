package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.util.List;

/** What the last checkpoint of an epoch says about the next one. */
public record EndOfEpoch(
        List<CommitteeMember> nextCommittee, long nextProtocolVersion, List<CheckpointCommitment> epochCommitments) {
    public static EndOfEpoch decode(BcsReader in) {
        return new EndOfEpoch(
                in.list(CommitteeMember.BYTES, CommitteeMember::decode),
                in.u64(),
                in.list(34, CheckpointCommitment::decode));
    }

    public void encode(BcsWriter out) {
        out.list(nextCommittee, (each, member) -> member.encode(each))
                .u64(nextProtocolVersion)
                .list(epochCommitments, (each, commitment) -> commitment.encode(each));
    }
}
