package dev.vibrissa.protocol.walrus.governance;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How the votes of a committee become prices and capacity.
 *
 * <p>Votes are unsigned 64-bit, and {@code u64::MAX} is a vote that is cast: values are kept as {@link BigInteger}.
 *
 * @see "walrus, mainnet-contracts/walrus/sources/staking/staking_inner.move, quorum_above and quorum_below"
 */
public final class ParameterVotes {
    private static final BigInteger MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private ParameterVotes() {}

    /**
     * A member's vote.
     *
     * @param weight shards
     */
    public record Vote(BigInteger value, int weight) {}

    /**
     * The price: the lowest vote such that members with that vote or a lower one are a quorum.
     *
     * @return empty if all members together are none, as in epoch 0: the contract then says {@code u64::MAX}
     */
    public static Optional<BigInteger> price(List<Vote> votes, ShardQuorum shards) {
        return firstWithQuorum(votes, Comparator.naturalOrder(), shards);
    }

    /** The capacity: the highest vote such that members with that vote or a higher one are a quorum. */
    public static Optional<BigInteger> capacity(List<Vote> votes, ShardQuorum shards) {
        return firstWithQuorum(votes, Comparator.reverseOrder(), shards);
    }

    /**
     * What a node's capacity says about the whole network: {@code min(u64::MAX, capacity · n / weight)}.
     *
     * @param weight at least 1
     */
    public static BigInteger networkCapacity(BigInteger nodeCapacity, int weight, int nShards) {
        return nodeCapacity
                .multiply(BigInteger.valueOf(nShards))
                .divide(BigInteger.valueOf(weight))
                .min(MAX);
    }

    private static Optional<BigInteger> firstWithQuorum(
            List<Vote> votes, Comparator<BigInteger> order, ShardQuorum shards) {
        int weight = 0;
        for (Vote vote :
                votes.stream().sorted(Comparator.comparing(Vote::value, order)).toList()) {
            weight += vote.weight();
            if (shards.isQuorum(weight)) {
                return Optional.of(vote.value());
            }
        }
        return Optional.empty();
    }
}
