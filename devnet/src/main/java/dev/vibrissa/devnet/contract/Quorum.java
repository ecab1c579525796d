package dev.vibrissa.devnet.contract;

import java.util.Comparator;
import java.util.List;

/** What a part of the shards can decide, if less than a third of them is faulty. */
final class Quorum {
    private Quorum() {}

    /** A vote with the shards behind it. */
    record Vote(long value, int weight) {}

    /** Whether every two such groups share a correct node. */
    static boolean reached(int weight, int nShards) {
        return 3 * weight >= 2 * nShards + 1;
    }

    /** Whether at least one node of such a group is correct. */
    static boolean includesCorrectNode(int weight, int nShards) {
        return 3 * weight >= nShards + 1;
    }

    /** The lowest value such that those who vote for no more are a quorum: how prices come about. */
    static long lowestAccepted(List<Vote> votes, int nShards) {
        return decide(votes, nShards, (a, b) -> Long.compareUnsigned(a.value, b.value));
    }

    /** The highest value such that those who vote for no less are a quorum: how capacity comes about. */
    static long highestOffered(List<Vote> votes, int nShards) {
        return decide(votes, nShards, (a, b) -> Long.compareUnsigned(b.value, a.value));
    }

    private static long decide(List<Vote> votes, int nShards, Comparator<Vote> order) {
        int weight = 0;
        for (Vote vote : votes.stream().sorted(order).toList()) {
            weight += vote.weight;
            if (reached(weight, nShards)) {
                return vote.value;
            }
        }
        throw new IllegalArgumentException("votes of %d of %d shards are no quorum".formatted(weight, nShards));
    }
}
