package dev.vibrissa.api.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FreshTest {
    private static final Duration MOST = Duration.ofSeconds(30);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void isReadAgainWhenItIsOldAndNotBefore() {
        var fresh = new Fresh<>(reads::incrementAndGet, MOST, nanos::get);
        assertThat(fresh.get()).isOne();
        nanos.addAndGet(MOST.toNanos() - 1); // past the end of a long, as it may be
        assertThat(fresh.get()).isOne();
        nanos.incrementAndGet();
        assertThat(fresh.get()).isEqualTo(2);
        assertThat(fresh.get()).isEqualTo(2);
    }

    @Test
    void nothingIsKeptOfAReadingThatFailed() {
        var fresh = new Fresh<>(
                () -> {
                    if (reads.incrementAndGet() == 2) {
                        throw new IllegalStateException("no database");
                    }
                    return reads.get();
                },
                MOST,
                nanos::get);
        assertThat(fresh.get()).isOne();
        nanos.addAndGet(MOST.toNanos());
        assertThatIllegalStateException().isThrownBy(fresh::get);
        assertThat(fresh.get()).isEqualTo(3);
    }
}
