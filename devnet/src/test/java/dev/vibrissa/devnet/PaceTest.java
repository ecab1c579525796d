package dev.vibrissa.devnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The chain's clock. */
class PaceTest {
    @Test
    void doesNotFallBehindByFractionsOfMilliseconds() {
        var pace = new Pace(Instant.EPOCH, Duration.ofNanos(1), 1);
        var first = pace.next();
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < 50_000_000) {
            pace.next();
        }
        var passed = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(Duration.between(first, pace.next())).isGreaterThanOrEqualTo(passed.minusMillis(1));
    }
}
