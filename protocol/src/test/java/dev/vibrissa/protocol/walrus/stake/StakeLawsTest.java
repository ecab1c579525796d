package dev.vibrissa.protocol.walrus.stake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What holds of stake whatever comes and goes, in a pool that follows the rules of the contract with plain numbers. */
class StakeLawsTest {
    private static final long WAL = 1_000_000_000;
    private static final long MOST = 5_000_000_000L * WAL;

    /** A pool of one epoch after the other. Its first epoch is 1. */
    private static final class NaivePool {
        private final TreeMap<Long, PoolExchangeRate> rates = new TreeMap<>();
        private final List<Stake> stakes = new ArrayList<>();
        private BigInteger wal = BigInteger.ZERO;
        private BigInteger shares = BigInteger.ZERO;
        private long epoch;

        private record Stake(BigInteger principal, long activation) {}

        /** The epoch ends, with a reward; stake for the next one comes in, and some that asked for it goes. */
        void next(BigInteger reward, List<BigInteger> coming, List<Stake> leaving) {
            epoch++;
            wal = wal.add(reward);
            PoolExchangeRate rate = wal.signum() == 0 || shares.signum() == 0
                    ? new PoolExchangeRate.Flat()
                    : new PoolExchangeRate.Variable(wal, shares);
            rates.put(epoch, rate);
            var going = BigInteger.ZERO;
            for (Stake each : leaving) {
                going = going.add(rates().at(each.activation).toShares(each.principal));
                stakes.remove(each);
            }
            for (BigInteger each : coming) {
                wal = wal.add(each);
                stakes.add(new Stake(each, epoch));
            }
            wal = wal.subtract(rate.toWal(going));
            shares = rate.toShares(wal);
        }

        ExchangeRates rates() {
            return new ExchangeRates(rates);
        }

        BigInteger sharesOf(Stake stake) {
            return rates().at(stake.activation).toShares(stake.principal);
        }
    }

    @Property(tries = 300)
    void sharesAndValuesOfPositionsAddUpToThePool(
            @ForAll @Size(min = 1, max = 12) List<@LongRange(min = WAL, max = MOST / 20) Long> stakes,
            @ForAll @Size(min = 12, max = 12) List<@LongRange(min = 0, max = 1_000_000 * WAL) Long> rewards) {
        var pool = new NaivePool();
        for (int i = 0; i < stakes.size(); i++) {
            var leaving = i % 3 == 2 ? List.of(pool.stakes.getFirst()) : List.<NaivePool.Stake>of();
            // More than doubled in an epoch, a share comes to be worth more than what is staked next.
            pool.next(
                    BigInteger.valueOf(rewards.get(i)).min(pool.wal),
                    List.of(BigInteger.valueOf(stakes.get(i))),
                    leaving);
        }
        pool.next(BigInteger.valueOf(rewards.getLast()).min(pool.wal), List.of(), List.of());
        var shares = BigInteger.ZERO;
        var value = BigInteger.ZERO;
        for (var each : pool.stakes) {
            shares = shares.add(pool.sharesOf(each));
            value = value.add(pool.rates().at(pool.epoch).toWal(pool.sharesOf(each)));
        }
        // Each position and each epoch rounds once, by less than a share or what one is worth.
        var slack = BigInteger.valueOf(2L * (stakes.size() + pool.epoch));
        var rate = pool.rates().at(pool.epoch);
        var worth = rate.walAmount().divide(rate.shareAmount()).add(BigInteger.ONE);
        assertThat(shares.subtract(pool.shares).abs()).isLessThanOrEqualTo(slack);
        assertThat(value.subtract(pool.wal).abs()).isLessThanOrEqualTo(slack.multiply(worth));
    }

    @Property
    void turnedIntoSharesAndBackAnAmountLosesLessThanAShare(
            @ForAll @LongRange(min = 1, max = MOST) long wal,
            @ForAll @LongRange(min = 1, max = MOST) long shares,
            @ForAll @LongRange(min = 0, max = MOST) long amount) {
        var rate = new PoolExchangeRate.Variable(BigInteger.valueOf(wal), BigInteger.valueOf(shares));
        var given = BigInteger.valueOf(amount);
        var back = rate.toWal(rate.toShares(given));
        var share = rate.walAmount().divide(rate.shareAmount()).add(BigInteger.ONE);
        assertThat(back).isLessThanOrEqualTo(given).isGreaterThanOrEqualTo(given.subtract(share));
    }

    /** Joined again it is the same position; apart, the parts round for themselves. */
    @Property
    void splitAndJoinedStakeKeepsItsValueButForRounding(
            @ForAll @LongRange(min = 2 * WAL, max = MOST / 10) long principal,
            @ForAll @LongRange(min = 0, max = 1000) long permille,
            @ForAll @LongRange(min = 1, max = MOST / 10) long shares,
            @ForAll @LongRange(min = 0, max = MOST / 10) long earlier,
            @ForAll @LongRange(min = 0, max = MOST / 10) long later) {
        var begin = new PoolExchangeRate.Variable(BigInteger.valueOf(shares + earlier), BigInteger.valueOf(shares));
        var end =
                new PoolExchangeRate.Variable(BigInteger.valueOf(shares + earlier + later), BigInteger.valueOf(shares));
        var rates = new ExchangeRates(new TreeMap<>(Map.of(1L, begin, 2L, end)));
        var whole = BigInteger.valueOf(principal);
        var part = whole.multiply(BigInteger.valueOf(permille)).divide(BigInteger.valueOf(1000));
        var apart = rates.value(part, 1, 2).add(rates.value(whole.subtract(part), 1, 2));
        var together = rates.value(whole, 1, 2);
        var share = end.walAmount().divide(end.shareAmount()).add(BigInteger.ONE);
        assertThat(together).isGreaterThanOrEqualTo(whole);
        assertThat(apart.subtract(together).abs()).isLessThanOrEqualTo(share.add(BigInteger.ONE));
    }
}
