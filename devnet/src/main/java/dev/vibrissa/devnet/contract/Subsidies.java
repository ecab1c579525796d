package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.walrus.object.WalrusSubsidiesInner;
import dev.vibrissa.protocol.walrus.object.WalrusSubsidiesInner.Subsidized;
import dev.vibrissa.protocol.walrus.object.WalrusSubsidiesInner.SubsidizedRing;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is added to users' payments and to operators' income, while a transaction works on it.
 *
 * @see "Move: walrus_subsidies::walrus_subsidies_inner"
 */
final class Subsidies {
    private static final String MODULE = "walrus_subsidies_inner";
    private static final long ALL_BASIS_POINTS = 10_000;

    private final WalrusSubsidiesInner inner;
    private final Balance pool;
    private final List<Subsidized> ring;
    private int current;
    private long latestEpoch;

    Subsidies(WalrusSubsidiesInner inner) {
        this.inner = inner;
        this.pool = new Balance(inner.subsidyPool());
        this.ring = new ArrayList<>(inner.alreadySubsidizedBalances().ringBuffer());
        this.current = (int) inner.alreadySubsidizedBalances().currentIndex();
        this.latestEpoch = inner.latestEpoch();
    }

    /** A ring for a network without payments so far. */
    static SubsidizedRing emptyRing(int epochsAhead) {
        return new SubsidizedRing(
                0,
                IntStream.range(0, epochsAhead)
                        .mapToObj(epoch -> new Subsidized(epoch, 0))
                        .toList());
    }

    WalrusSubsidiesInner toMove(long nowMillis) {
        return new WalrusSubsidiesInner(
                inner.systemSubsidyRate(),
                pool.value(),
                inner.baseSubsidy(),
                inner.subsidyPerShard(),
                latestEpoch,
                new SubsidizedRing(current, List.copyOf(ring)),
                nowMillis,
                inner.extraFields());
    }

    /** Once an epoch: a fixed amount for each node that served in the epoch before, added to its commission. */
    void payCommittee(StakingState staking) {
        long epochToPay = staking.epoch() - 1;
        if (epochToPay <= latestEpoch) {
            return;
        }
        staking.previousCommittee().shards().forEach((node, shards) -> {
            long due = U64.add(inner.baseSubsidy(), U64.multiply(shards.size(), inner.subsidyPerShard()));
            staking.addCommission(node, pay(due, "process_fixed_rate_subsidies"));
        });
        latestEpoch = epochToPay;
    }

    /** Adds a share to all that was paid for the epochs of the ring since the last time. */
    void matchUsage(RewardRing rewards) {
        while (ring.get(current).epoch() < rewards.at(0).epoch()) {
            ring.set(current, new Subsidized(ring.get(current).epoch() + ring.size(), 0));
            current = (current + 1) % ring.size();
        }
        for (int offset = 0; offset < ring.size(); offset++) {
            int index = (current + offset) % ring.size();
            long paid = rewards.at(offset).rewardsToDistribute();
            long fresh = U64.subtract(paid, ring.get(index).balance());
            Balance subsidy = pay(
                    U64.multiplyDivide(fresh, inner.systemSubsidyRate(), ALL_BASIS_POINTS), "process_usage_subsidies");
            ring.set(index, new Subsidized(ring.get(index).epoch(), U64.add(paid, subsidy.value())));
            rewards.reward(offset, subsidy);
        }
    }

    private Balance pay(long amount, String function) {
        Abort.unless(Long.compareUnsigned(amount, pool.value()) <= 0, MODULE, function, 1);
        return pool.split(amount);
    }
}
