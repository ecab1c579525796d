package dev.vibrissa.api.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreshTest {
    private static final Duration MOST = Duration.ofSeconds(30);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final AtomicInteger reads = new AtomicInteger();
    private final Patience patience = new Patience(Duration.ofSeconds(30), Duration.ZERO, nanos::get);

    @Test
    void isReadAgainWhenItIsOldAndNotBefore() {
        var fresh = new Fresh<>(reads::incrementAndGet, MOST, nanos::get, patience);
        assertThat(fresh.get()).isOne();
        nanos.addAndGet(MOST.toNanos() - 1); // past the end of a long, as it may be
        assertThat(fresh.get()).isOne();
        nanos.incrementAndGet();
        assertThat(fresh.get()).isEqualTo(2);
        assertThat(fresh.get()).isEqualTo(2);
    }

    @Test
    void thatAReadingFailedIsRememberedAndNothingElseOfIt() {
        var fresh = new Fresh<>(
                () -> {
                    if (reads.incrementAndGet() == 2) {
                        throw new IllegalStateException("no database");
                    }
                    return reads.get();
                },
                Duration.ofSeconds(1),
                nanos::get,
                patience);
        assertThat(fresh.get()).isOne();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThatIllegalStateException().isThrownBy(fresh::get).withMessage("no database");
        nanos.addAndGet(Fresh.AFTER_A_FAULT.toNanos() - 1);
        assertThatIllegalStateException().isThrownBy(fresh::get).withMessage("no database");
        assertThat(reads).hasValue(2);
        nanos.incrementAndGet();
        assertThat(fresh.get()).isEqualTo(3);
    }

    @Test
    void aSilentDatabaseIsWaitedForOnceAndNotByEveryGauge() throws Exception {
        var answers = new CountDownLatch(1);
        var soon = new Patience(Duration.ofMillis(100), Duration.ZERO, nanos::get);
        var families = IntStream.range(0, 5)
                .mapToObj(_ -> new Fresh<>(
                        () -> {
                            try {
                                answers.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            return reads.incrementAndGet();
                        },
                        MOST,
                        nanos::get,
                        soon))
                .toList();
        assertThatIllegalStateException().isThrownBy(families.getFirst()::get).withMessage("no answer within 100 ms");
        for (Fresh<Integer> each : families) {
            assertThatIllegalStateException().isThrownBy(each::get).withMessage("no answer within 0 ms");
        }
        answers.countDown();
    }
}
