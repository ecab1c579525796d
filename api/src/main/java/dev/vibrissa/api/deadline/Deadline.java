package dev.vibrissa.api.deadline;

import java.time.Duration;

/**
 * When a request is over.
 *
 * @param beganNanos of {@link System#nanoTime}
 * @param allowed from there on
 */
public record Deadline(long beganNanos, Duration allowed) {
    public long elapsedMillis() {
        return Duration.ofNanos(System.nanoTime() - beganNanos).toMillis();
    }

    /** Zero or less: it is over. */
    public long remainingMillis() {
        return allowed.toMillis() - elapsedMillis();
    }
}
