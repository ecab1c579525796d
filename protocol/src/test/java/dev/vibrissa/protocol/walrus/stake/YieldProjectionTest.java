package dev.vibrissa.protocol.walrus.stake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class YieldProjectionTest {
    private static final Duration MAINNET_EPOCH = Duration.ofDays(14);
    private static final BigDecimal ONE_PERCENT = new BigDecimal("0.01");

    private static YieldProjection projection(Map<Long, Integer> commission, Duration epoch) {
        return new YieldProjection(ONE_PERCENT, new TreeMap<>(commission), epoch);
    }

    /** (1 + y)^(365.25/14) − 1. */
    @Test
    void aYearHasSomeTwentySixEpochsOfMainnetWhichCompound() {
        var projection = projection(Map.of(5L, 0), MAINNET_EPOCH);
        assertThat(projection.epochsPerYear()).isEqualByComparingTo("26.089285");
        assertThat(projection.perYear(6).orElseThrow()).isEqualByComparingTo("0.296407561008");
        assertThat(projection.perYear(6).orElseThrow().doubleValue())
                .isCloseTo(Math.pow(1.01, 365.25 / 14) - 1, within(1e-9));
    }

    @Test
    void commissionIsTakenFirst() {
        var projection = projection(Map.of(5L, 2500), MAINNET_EPOCH);
        assertThat(projection.netYield(6)).isEqualByComparingTo("0.0075");
    }

    @Test
    void aScheduledCommissionHoldsFromItsEpochOn() {
        var projection = projection(Map.of(5L, 0, 8L, 10_000), MAINNET_EPOCH);
        assertThat(projection.netYield(7)).isEqualByComparingTo("0.01");
        assertThat(projection.netYield(8)).isEqualByComparingTo("0");
        // Epochs 6 and 7 alone earn.
        assertThat(projection.perYear(6).orElseThrow().doubleValue()).isCloseTo(1.01 * 1.01 - 1, within(1e-9));
    }

    @Test
    void anEpochLongerThanAYearIsTakenInPart() {
        assertThat(projection(Map.of(5L, 0, 7L, 10_000), Duration.ofDays(3653))
                        .perYear(6)
                        .orElseThrow()
                        .doubleValue())
                .isCloseTo(Math.pow(1.01, 365.25 / 3653) - 1, within(1e-9));
    }

    /** One percent each minute. */
    @Test
    void aYearOfVeryShortEpochsIsBeyondNumbers() {
        assertThat(projection(Map.of(5L, 0), Duration.ofMinutes(1)).perYear(6)).isEmpty();
    }

    @Test
    void theMeanIsNotWeighted() {
        assertThat(YieldProjection.mean(
                        List.of(new BigDecimal("0.01"), new BigDecimal("0.02"), new BigDecimal("0.06"))))
                .isEqualByComparingTo("0.03");
        assertThat(YieldProjection.decimal18(YieldProjection.gross(BigInteger.ONE, BigInteger.valueOf(3))))
                .isEqualTo("0.333333333333333333");
    }

    @Test
    void anEpochOfNoLengthIsRefused() {
        assertThatThrownBy(() -> projection(Map.of(5L, 0), Duration.ZERO)).hasMessageContaining("PT0S");
    }
}
