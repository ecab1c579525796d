package dev.vibrissa.api.sql;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How long values are waited for that share a database: once one of them was late, the others not as long. */
final class Patience {
    private final Duration first;
    private final Duration others;
    private final LongSupplier nanos;
    private boolean wasLost;
    private long lostNanos;

    Patience(Duration first, Duration others, LongSupplier nanos) {
        this.first = first;
        this.others = others;
        this.nanos = nanos;
    }

    synchronized Duration left() {
        boolean lately = wasLost && nanos.getAsLong() - lostNanos < Fresh.AFTER_A_FAULT.toNanos();
        return lately ? others : first;
    }

    synchronized void lost() {
        wasLost = true;
        lostNanos = nanos.getAsLong();
    }
}
