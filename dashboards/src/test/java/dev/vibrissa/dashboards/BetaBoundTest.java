package dev.vibrissa.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bound that ranks, made a second way. */
class BetaBoundTest {
    /** Of nothing but successes, the n-th root of 5 %; of nothing at all, 5 %; and what holds for counts turned round. */
    @ParameterizedTest
    @CsvSource({"0, 0, 0.05", "298, 0, 0.990031", "971, 0, 0.996923", "0, 298, 0.000171"})
    void holdsWhereItCanBeReckonedByHand(long served, long failed, double bound) {
        assertThat(BetaBound.of(served, failed)).isCloseTo(bound, within(1e-6));
    }
}
