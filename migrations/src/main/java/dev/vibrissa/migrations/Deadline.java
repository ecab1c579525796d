package dev.vibrissa.migrations;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A point in time by which something must have happened. The only place here that waits by looking again. */
record Deadline(long nanoTime) {
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    static Deadline after(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean passed() {
        return nanoTime - System.nanoTime() <= 0;
    }

    /**
     * Looks every 20 ms until it holds.
     *
     * @return false if the time was over first
     * @throws InterruptedException if the thread was interrupted first
     */
    boolean await(BooleanSupplier holds) throws InterruptedException {
        while (!holds.getAsBoolean()) {
            if (passed()) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return true;
    }
}
