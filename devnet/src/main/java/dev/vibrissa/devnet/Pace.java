package dev.vibrissa.devnet;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * When the next checkpoint is due, and what the chain's clock says then. At the speed of life the clock is ours, also
 * after a pause; at another speed it goes on from where it stopped.
 */
final class Pace {
    private final Duration step;
    private final double speed;
    private Instant last;
    private long lastNanos = System.nanoTime();

    Pace(Instant last, Duration step, double speed) {
        this.step = step;
        this.speed = speed;
        var now = Instant.now();
        this.last = speed == 1 && now.isAfter(last) ? now : last;
    }

    /**
     * Waits for the next checkpoint's time.
     *
     * @return false if {@code stop} came first
     */
    boolean await(CountDownLatch stop) throws InterruptedException {
        long due = lastNanos + (long) (step.toNanos() / speed);
        long now = System.nanoTime();
        if (due > now && stop.await(due - now, TimeUnit.NANOSECONDS)) {
            return false;
        }
        return stop.getCount() > 0;
    }

    /** The time of the checkpoint that is due, in whole milliseconds; later than those before it. */
    Instant next() {
        long now = System.nanoTime();
        var passed = Duration.ofNanos((long) ((now - lastNanos) * speed));
        // A machine that cannot keep up makes fewer checkpoints, not a chain that lags behind the clock.
        var advance = passed.compareTo(step) > 0 ? passed : step;
        last = last.plus(advance); // with its fractions, which would add up to a clock that is late
        lastNanos = now;
        return last.truncatedTo(ChronoUnit.MILLIS);
    }
}
