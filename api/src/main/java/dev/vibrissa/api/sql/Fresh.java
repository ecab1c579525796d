package dev.vibrissa.api.audit;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is read again when it is older than it may be, and not before. */
final class Fresh<T> {
    private final Supplier<T> read;
    private final long mostNanos;
    private final LongSupplier nanos;
    private @Nullable T value;
    private long readNanos;

    /** @param nanos goes on evenly, whatever the clock does */
    Fresh(Supplier<T> read, Duration most, LongSupplier nanos) {
        this.read = read;
        this.mostNanos = most.toNanos();
        this.nanos = nanos;
    }

    /** Of a reading that fails nothing is kept. */
    synchronized T get() {
        T known = value;
        if (known == null || nanos.getAsLong() - readNanos >= mostNanos) {
            value = null;
            known = read.get();
            readNanos = nanos.getAsLong();
            value = known;
        }
        return known;
    }
}
