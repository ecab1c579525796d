package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.util.List;

/**
 * The validators of one epoch, in the order that signature bitmaps count.
 *
 * <p>Also the content of a {@code .committee.bcs} file: {@code u64 epoch, vector<(96-byte key, u64 stake)>}.
 */
public record Committee(long epoch, List<CommitteeMember> members) {
    /**
     * @throws IllegalArgumentException if there is no member, a stake is zero, or stakes do not add up in 63 bits
     */
    public Committee {
        members = List.copyOf(members);
        long total = 0;
        for (CommitteeMember member : members) {
            total += member.stake();
            if (member.stake() <= 0 || total <= 0) {
                throw new IllegalArgumentException("stake %s in the committee of epoch %d"
                        .formatted(Long.toUnsignedString(member.stake()), epoch));
            }
        }
        if (members.isEmpty()) {
            throw new IllegalArgumentException("the committee of epoch %d has no member".formatted(epoch));
        }
    }

    public static Committee decode(BcsReader in) {
        int start = in.position();
        try {
            return new Committee(in.u64(), in.list(CommitteeMember.BYTES, CommitteeMember::decode));
        } catch (IllegalArgumentException e) {
            throw new BcsException(String.valueOf(e.getMessage()), start);
        }
    }

    public void encode(BcsWriter out) {
        out.u64(epoch).list(members, (each, member) -> member.encode(each));
    }

    public long totalStake() {
        long total = 0;
        for (CommitteeMember member : members) {
            total += member.stake();
        }
        return total;
    }

    /** Stake that must sign, more than two thirds: 6 667 of 10 000. */
    public long quorumThreshold() {
        return totalStake() - (totalStake() - 1) / 3;
    }
}
