package dev.vibrissa.indexer.source;

import java.time.Duration;

/**
 * How often a place may be asked: so many requests in any period. A full bucket may be emptied at once, then it fills
 * evenly.
 */
final class RateBucket {
    private final double most;
    private final double nanosPerRequest;
    private final Ticker ticker;
    private double requests;
    private long filledAt;

    private RateBucket(double most, double nanosPerRequest, Ticker ticker) {
        this.most = most;
        this.nanosPerRequest = nanosPerRequest;
        this.ticker = ticker;
        this.requests = most;
        this.filledAt = ticker.nanos();
    }

    /** Half may come at once and half while the period lasts: never more than {@code requests} in one. */
    static RateBucket of(int requests, Duration period, Ticker ticker) {
        return new RateBucket(requests / 2.0, period.toNanos() / (requests / 2.0), ticker);
    }

    static RateBucket unlimited() {
        return new RateBucket(Double.POSITIVE_INFINITY, 1, Ticker.SYSTEM);
    }

    /**
     * Takes one request, after waiting for it.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void take() throws InterruptedException {
        for (Duration wait = tryTake(); !wait.isZero(); wait = tryTake()) {
            ticker.sleep(wait);
        }
    }

    /** Takes one request if there is one, or tells how long to wait for it. */
    private synchronized Duration tryTake() {
        long now = ticker.nanos();
        requests = Math.min(most, requests + (now - filledAt) / nanosPerRequest);
        filledAt = now;
        if (requests >= 1) {
            requests--;
            return Duration.ZERO;
        }
        return Duration.ofNanos((long) Math.ceil((1 - requests) * nanosPerRequest));
    }
}
