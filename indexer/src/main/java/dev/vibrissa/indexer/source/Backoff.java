package dev.vibrissa.indexer.source;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Pauses that double with each attempt up to the longest. */
record Backoff(Duration first, Duration longest) {
    private static final int MOST_DOUBLINGS = 20;

    /**
     * A quarter is by chance, so that many do not ask again at once.
     *
     * @param attempt how often it was tried, from 1
     */
    Duration after(int attempt) {
        long millis = Math.min(longest.toMillis(), first.toMillis() << Math.clamp(attempt - 1, 0, MOST_DOUBLINGS));
        return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 4 + 1));
    }
}
