package dev.vibrissa.api.sql;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is read again when it is older than it may be, and not before. That it could not be read is remembered
 * as well; a reading that takes long goes on beside whoever asked, and its value is there for who asks next.
 */
public final class Fresh<T> {
    /** Every gauge of a reading asks: one of them finds out that there is no database, and none of the others. */
    static final Duration AFTER_A_FAULT = Duration.ofSeconds(10);

    private final Supplier<T> read;
    private final long mostNanos;
    private final LongSupplier nanos;
    private final Patience patience;
    private @Nullable T value;
    private @Nullable RuntimeException fault;
    private @Nullable FutureTask<T> underWay;
    private long readNanos;

    /** @param nanos goes on evenly, whatever the clock does */
    Fresh(Supplier<T> read, Duration most, LongSupplier nanos, Patience patience) {
        this.read = read;
        this.mostNanos = most.toNanos();
        this.nanos = nanos;
        this.patience = patience;
    }

    /** @throws RuntimeException if it could not be read, or not yet */
    public synchronized T get() {
        var task = underWay;
        if (task != null) {
            return taken(task, Duration.ZERO);
        }
        if (fault != null && age() < Math.max(mostNanos, AFTER_A_FAULT.toNanos())) {
            throw fault;
        }
        T known = value;
        if (known != null && age() < mostNanos) {
            return known;
        }
        task = new FutureTask<>(read::get);
        underWay = task;
        Thread.ofVirtual().name("fresh").start(task);
        return taken(task, patience.left());
    }

    private long age() {
        return nanos.getAsLong() - readNanos;
    }

    private T taken(FutureTask<T> task, Duration within) {
        value = null;
        fault = null;
        try {
            T known = Objects.requireNonNull(task.get(within.toNanos(), TimeUnit.NANOSECONDS));
            value = known;
            done();
            return known;
        } catch (ExecutionException e) {
            var thrown =
                    e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
            fault = thrown;
            done();
            throw thrown;
        } catch (TimeoutException e) {
            patience.lost();
            throw new IllegalStateException("no answer within %d ms".formatted(within.toMillis()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void done() {
        underWay = null;
        readNanos = nanos.getAsLong();
    }
}
