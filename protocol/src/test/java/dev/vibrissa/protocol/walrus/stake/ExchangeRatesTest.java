package dev.vibrissa.protocol.walrus.stake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import dev.vibrissa.protocol.walrus.object.PoolExchangeRate.Flat;
import dev.vibrissa.protocol.walrus.object.PoolExchangeRate.Variable;
import java.math.BigInteger;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The worked examples of the contracts' tests, and what must hold of any rates. */
class ExchangeRatesTest {
    /** 1000 WAL active from 1, 2000 more from 2; 1000 of rewards at the changes to 2 and to 3. */
    private final ExchangeRates example =
            rates(Map.of(1L, new Flat(), 2L, rate(2000, 1000), 3L, rate(5000, 2000), 4L, rate(2500, 1000)));

    @Test
    void aStakeIsWorthItsSharesAtTheRateOfTheEpoch() {
        assertThat(example.value(wal(1000), 1, 3)).isEqualTo(wal(2500));
        assertThat(example.value(wal(2000), 2, 4)).isEqualTo(wal(2500));
    }

    @Test
    void aStakeThatIsNotActiveIsWorthItsPrincipal() {
        assertThat(example.value(wal(2000), 5, 4)).isEqualTo(wal(2000));
    }

    @Test
    void anEpochThatThePoolSatOutHasTheRateBefore() {
        assertThat(example.at(9)).isEqualTo(rate(2500, 1000));
        assertThat(example.at(0)).isEqualTo(new Flat());
        assertThat(example.entry(9)).isEmpty();
    }

    @Test
    void theYieldIsTheGrowthOfAShare() {
        var yield = example.yield(2).orElseThrow();
        assertThat(yield).isEqualTo(new Yield(wal(1_000_000), wal(4_000_000)));
        assertThat(yield.decimal18()).isEqualTo("0.250000000000000000");
        assertThat(example.yield(1).orElseThrow().decimal18()).isEqualTo("1.000000000000000000");
        assertThat(example.yield(4)).isEmpty();
    }

    @Test
    void aYieldIsTruncatedTowardsZero() {
        assertThat(new Yield(wal(2), wal(3)).decimal18()).isEqualTo("0.666666666666666666");
        assertThat(new Yield(wal(-2), wal(3)).decimal18()).isEqualTo("-0.666666666666666666");
    }

    @Test
    void amountsBeyondSignedLongsAreExact() {
        var most = new BigInteger("18446744073709551615");
        var rates = rates(Map.of(1L, new Flat(), 2L, new Variable(most, most.shiftRight(1))));
        assertThat(rates.value(most.shiftRight(1), 1, 2)).isEqualTo(most);
    }

    @RepeatedTest(20)
    void aStakeSplitIsNeverWorthMoreThanTheWhole() {
        long seed = System.nanoTime();
        System.out.println("seed split=" + seed);
        var random = new Random(seed);
        var rates = rates(Map.of(3L, random(random), 7L, random(random)));
        for (int i = 0; i < 100; i++) {
            var whole = new BigInteger(60, random);
            var part = whole.multiply(new BigInteger(20, random)).shiftRight(20);
            var parts = rates.value(part, 3, 8).add(rates.value(whole.subtract(part), 3, 8));
            // Each conversion rounds down, at the cost of less than a share and a FROST.
            assertThat(parts).isLessThanOrEqualTo(rates.value(whole, 3, 8).add(BigInteger.ONE));
            assertThat(rates.value(whole, 3, 8)).isGreaterThanOrEqualTo(whole);
        }
    }

    /** As pools make them: never more shares than FROST. */
    private static PoolExchangeRate random(Random random) {
        var shares = new BigInteger(60, random).add(BigInteger.ONE);
        return new Variable(shares.add(new BigInteger(50, random)), shares);
    }

    private static ExchangeRates rates(Map<Long, PoolExchangeRate> byEpoch) {
        return new ExchangeRates(new TreeMap<>(byEpoch));
    }

    private static Variable rate(long walAmount, long shares) {
        return new Variable(wal(walAmount), wal(shares));
    }

    private static BigInteger wal(long amount) {
        return BigInteger.valueOf(amount);
    }
}
