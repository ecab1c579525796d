package dev.vibrissa.indexer.source;

import java.time.Duration;
import java.util.Optional;

/**
 * How good an endpoint has been lately, as a cost in milliseconds: what it takes to answer, more for faults and for lag,
 * far more for lies. After a fault it rests, longer each time.
 */
final class Health {
    private static final Backoff REST = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(15));
    /** Another chain or no such service: an operator has to mend it. */
    private static final Duration REST_OF_REFUSED = Duration.ofMinutes(1);

    private static final double FIRST_GUESS_MILLIS = 100;
    private static final double MILLIS_PER_FAULT = 1_000;
    /** About the time in which a checkpoint is produced. */
    private static final double MILLIS_PER_CHECKPOINT = 250;

    /** Of no interest: tips move in steps, and each is asked at another time. */
    static final long LITTLE_LAG = 20;

    private static final double MILLIS_PER_LIE = 3_600_000;

    private final Ticker ticker;
    private double latencyMillis = FIRST_GUESS_MILLIS;
    /** Of one who never fails 0, of one who always fails 1. */
    private double faultRate;

    private int faultsInRow;
    private int lies;
    private long restsUntil;
    private long tip = -1;
    private Optional<String> fault = Optional.empty();

    Health(Ticker ticker) {
        this.ticker = ticker;
        this.restsUntil = ticker.nanos();
    }

    synchronized void answered(Duration latency) {
        latencyMillis += (latency.toNanos() / 1e6 - latencyMillis) / 16;
        faultRate -= faultRate / 16;
        faultsInRow = 0;
        fault = Optional.empty();
    }

    synchronized void hasTip(long sequenceNumber) {
        tip = Math.max(tip, sequenceNumber);
    }

    /** Several that were under way at once fail as one. Tells how long it rests; empty if it rests already. */
    synchronized Optional<Duration> failed(String reason) {
        if (isResting()) {
            return Optional.empty();
        }
        faultRate += (1 - faultRate) / 16;
        faultsInRow++;
        return Optional.of(rest(reason, REST.after(faultsInRow)));
    }

    synchronized Optional<Duration> refused(String reason) {
        return isResting() ? Optional.empty() : Optional.of(rest(reason, REST_OF_REFUSED));
    }

    private Duration rest(String reason, Duration pause) {
        fault = Optional.of(reason);
        restsUntil = ticker.nanos() + pause.toNanos();
        return pause;
    }

    /** Neither is it believed what it has. */
    synchronized void lied(String reason) {
        lies++;
        tip = -1;
        fault = Optional.of(reason);
    }

    synchronized boolean isResting() {
        return untilRested().isPositive();
    }

    synchronized Duration untilRested() {
        return Duration.ofNanos(Math.max(0, restsUntil - ticker.nanos()));
    }

    synchronized long tip() {
        return tip;
    }

    synchronized Optional<String> fault() {
        return fault;
    }

    synchronized double latencyMillis() {
        return latencyMillis;
    }

    /** @param newestTip the last checkpoint that any endpoint is known to have */
    synchronized double cost(long newestTip) {
        long lag = tip < 0 ? 0 : newestTip - tip;
        return latencyMillis
                + faultRate * 16 * MILLIS_PER_FAULT
                + faultsInRow * MILLIS_PER_FAULT
                + (lag > LITTLE_LAG ? lag * MILLIS_PER_CHECKPOINT : 0)
                + lies * MILLIS_PER_LIE;
    }
}
