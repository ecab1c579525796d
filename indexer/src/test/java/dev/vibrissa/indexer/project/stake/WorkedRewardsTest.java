package dev.vibrissa.indexer.project.stake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.project.stake.RewardShares.Member;
import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import dev.vibrissa.protocol.walrus.object.StakingPool.VotingParams;
import dev.vibrissa.protocol.walrus.stake.ExchangeRates;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Rewards and pools of walrus-chain.md §§4.5 and 4.6. */
class WorkedRewardsTest {
    private static final long WAL = 1_000_000_000;

    private static BigInteger big(long value) {
        return BigInteger.valueOf(value);
    }

    @Test
    void deniedBytesCostTheNodeMoney() {
        var members = new ArrayList<>(List.of(new Member(10, big(10_000_000))));
        members.addAll(Collections.nCopies(9, new Member(10, BigInteger.ZERO)));
        var shares = RewardShares.of(big(4_770 - 143), big(1_000_000_000), members);
        assertThat(shares.getFirst()).isEqualTo(big(458));
        assertThat(shares.subList(1, 10)).containsOnly(big(463));
        assertThat(big(4_627).subtract(sum(shares))).isEqualTo(big(2));
    }

    @Property
    void sharesSumToThePotButForRounding(
            @ForAll @LongRange(min = 0, max = 5_000_000_000_000_000_000L) long pot,
            @ForAll @LongRange(min = 0, max = 1L << 50) long used,
            @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 1, max = 200) Integer> shards,
            @ForAll @LongRange(min = 0, max = 1L << 51) long denied) {
        var members = shards.stream()
                .map(each -> new Member(each, each % 3 == 0 ? big(denied) : BigInteger.ZERO))
                .toList();
        var shares = RewardShares.of(big(pot), big(used), members);
        boolean anythingStored = members.stream().anyMatch(each -> each.denied().compareTo(big(used)) < 0);
        var left = big(pot).subtract(sum(shares));
        assertThat(left).isBetween(BigInteger.ZERO, anythingStored ? big(members.size() - 1) : big(pot));
    }

    private static BigInteger sum(List<BigInteger> parts) {
        return parts.stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** A thousand active from 1, two thousand more from 2, and a thousand of rewards at the changes to 2 and to 3. */
    @Test
    void aPoolIsBroughtUpEpochByEpoch() {
        var atOne = pool(1_000 * WAL, 1_000 * WAL, Map.of(2L, 2_000 * WAL), Map.of(), Map.of());
        var atTwo = AdvancedPool.of(atOne, big(1_000 * WAL), 2, rates()).orElseThrow();
        // 2000 WAL are 1000 shares, so 2000 more WAL are 1000 shares more.
        assertThat(atTwo).isEqualTo(new AdvancedPool(big(4_000 * WAL), big(2_000 * WAL)));

        var asked = pool(4_000 * WAL, 2_000 * WAL, Map.of(), Map.of(3L, 1_000 * WAL), Map.of());
        var atThree = AdvancedPool.of(asked, big(1_000 * WAL), 3, rates()).orElseThrow();
        // The first staker leaves with 1000 shares at 5000/2000: 2500.
        assertThat(atThree).isEqualTo(new AdvancedPool(big(2_500 * WAL), big(1_000 * WAL)));
    }

    @Test
    void stakeThatLeavesAfterOneEpochLeavesAtTheRateAtWhichItCameIn() {
        var rate = new PoolExchangeRate.Variable(big(2_000), big(1_000));
        var before = pool(6_000, 2_500, Map.of(), Map.of(), Map.of(4L, 2_000L));
        // 1000 of 2500 shares, of 6500.
        assertThat(AdvancedPool.of(before, big(500), 4, rates(3, rate)))
                .contains(new AdvancedPool(big(6_500 - 2_600), big(1_500)));
        assertThat(AdvancedPool.of(before, big(500), 4, rates()))
                .as("without the rate of a time before our history")
                .isEmpty();
    }

    @Property
    void aShareIsWorthTheSameBeforeAndAfterStakeComesAndGoes(
            @ForAll @LongRange(min = 1_000_000_000, max = 1_000_000_000_000_000_000L) long wal,
            @ForAll @LongRange(min = 1_000_000_000, max = 1_000_000_000_000_000_000L) long shares,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000_000_000L) long coming,
            @ForAll @IntRange(min = 0, max = 99) int leavingPercent,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000_000L) long reward) {
        long leaving = shares / 100 * leavingPercent;
        var after = AdvancedPool.of(
                        pool(wal, shares, Map.of(5L, coming), Map.of(5L, leaving), Map.of()), big(reward), 5, rates())
                .orElseThrow();
        // WAL is conserved: what is left and what leaves is what was there, came in and was earned.
        var leftBehind = new PoolExchangeRate.Variable(big(wal).add(big(reward)), big(shares)).toWal(big(leaving));
        assertThat(after.walBalance().add(leftBehind))
                .isEqualTo(big(wal).add(big(coming)).add(big(reward)));
        // Those who stay have no less than their part, and all parts together are no more than the pool.
        var value = after.numShares().signum() == 0
                ? BigInteger.ZERO
                : after.numShares().multiply(big(wal).add(big(reward))).divide(big(shares));
        assertThat(value).isLessThanOrEqualTo(after.walBalance());
        assertThat(after.walBalance().subtract(value).multiply(big(shares)))
                .isLessThanOrEqualTo(big(wal).add(big(reward)).add(big(shares)));
    }

    private static ExchangeRates rates() {
        return new ExchangeRates(new TreeMap<>());
    }

    private static ExchangeRates rates(long epoch, PoolExchangeRate rate) {
        return new ExchangeRates(new TreeMap<>(Map.of(epoch, rate)));
    }

    private static PoolState pool(
            long wal,
            long shares,
            Map<Long, Long> pendingStake,
            Map<Long, Long> leavingShares,
            Map<Long, Long> leavingEarly) {
        return new PoolState(
                1,
                1,
                wal,
                shares,
                0,
                0,
                0L,
                0,
                new VotingParams(0, 0, 0),
                new LinkedHashMap<>(pendingStake),
                new LinkedHashMap<>(leavingShares),
                new LinkedHashMap<>(leavingEarly),
                new LinkedHashMap<>());
    }
}
