package dev.vibrissa.api.epoch;

import dev.vibrissa.api.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets through one answer at a time that reads whole tables; sixteen of them would have all of the API's connections. */
final class Turnstile {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Semaphore free = new Semaphore(1, true);
    private final Duration patience;

    Turnstile() {
        this(PATIENCE);
    }

    Turnstile(Duration patience) {
        this.patience = patience;
    }

    /**
     * Waits for the one before, without a connection.
     *
     * @throws ProblemException 504 if that takes too long
     */
    <T> T oneAtATime(Supplier<T> answer) {
        boolean through = false;
        try {
            through = free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (!through) {
                throw ProblemException.tookTooLong(
                        "the same is being computed for others, one at a time, and was for %d s; try again later"
                                .formatted(patience.toSeconds()));
            }
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.tookTooLong("the server stops");
        } finally {
            if (through) {
                free.release();
            }
        }
    }
}
