package dev.vibrissa.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A bucket with the limit of Sui's public nodes, on a clock of its own. */
class RateBucketTest {
    private static final Duration PERIOD = Duration.ofSeconds(30);

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

    @Test
    void neverLetsMoreThroughInAnyPeriod() throws Exception {
        var bucket = RateBucket.of(100, PERIOD, clock);
        List<Long> taken = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            bucket.take();
            taken.add(nanos);
        }
        for (long from : taken) {
            assertThat(taken.stream().filter(at -> at >= from && at < from + PERIOD.toNanos()))
                    .hasSizeLessThanOrEqualTo(100);
        }
        assertThat(taken.getLast()).as("and half the rate is used").isLessThan(20 * PERIOD.toNanos());
    }

    @Test
    void aBurstIsFreeAfterAPause() throws Exception {
        var bucket = RateBucket.of(100, PERIOD, clock);
        for (int i = 0; i < 60; i++) {
            bucket.take();
        }
        nanos += PERIOD.toNanos();
        long before = nanos;
        for (int i = 0; i < 50; i++) {
            bucket.take();
        }
        assertThat(nanos).isEqualTo(before);
    }
}
