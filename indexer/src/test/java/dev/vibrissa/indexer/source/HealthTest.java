package dev.vibrissa.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is preferred to what. */
class HealthTest {
    private long nanos;
    private final Ticker clock = new Ticker() {
        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void sleep(Duration pause) {
            nanos += pause.toNanos();
        }
    };

    private Health healthOf(long tip, long latencyMillis) {
        var health = new Health(clock);
        for (int i = 0; i < 100; i++) {
            health.answered(Duration.ofMillis(latencyMillis));
        }
        health.hasTip(tip);
        return health;
    }

    @Test
    void fastIsPreferredToSlowAndSlowToFarBehind() {
        assertThat(healthOf(1_000, 20).cost(1_000))
                .isLessThan(healthOf(1_000, 300).cost(1_000));
        assertThat(healthOf(1_000, 300).cost(1_000))
                .isLessThan(healthOf(900, 20).cost(1_000));
        assertThat(healthOf(990, 20).cost(1_000))
                .as("a little lag")
                .isLessThan(healthOf(1_000, 300).cost(1_000));
    }

    @Test
    void whoFailsRestsLongerEachTimeAndIsPreferredOnlyToLiars() {
        var failing = healthOf(1_000, 20);
        Duration before = Duration.ZERO;
        for (int i = 0; i < 8; i++) {
            var rest = failing.failed("UNAVAILABLE").orElseThrow();
            assertThat(rest).isGreaterThan(before);
            assertThat(failing.failed("UNAVAILABLE"))
                    .as("another call of the same outage")
                    .isEmpty();
            before = rest;
            nanos += rest.toNanos();
            assertThat(failing.isResting()).isFalse();
        }
        var liar = healthOf(1_000, 20);
        liar.lied("a bad certificate");
        assertThat(failing.cost(1_000)).isBetween(healthOf(900, 300).cost(1_000) - 30_000, liar.cost(1_000));
        failing.answered(Duration.ofMillis(20));
        assertThat(failing.fault()).isEmpty();
    }

    @Test
    void whoLiedIsNotBelievedWhatItHas() {
        var liar = healthOf(1_000, 20);
        liar.lied("a bad certificate");
        assertThat(liar.tip()).isNegative();
    }
}
