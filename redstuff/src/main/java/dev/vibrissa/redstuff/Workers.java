package dev.vibrissa.redstuff;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Threads that share batches of one kind of work. */
final class Workers {
    /** Beyond every batch, and far from overflowing. */
    private static final int END = Integer.MAX_VALUE / 2;

    private Workers() {}

    /**
     * Runs {@code work} on each thread; they share a counter, from which each takes batches until none is left.
     *
     * @param threads platform threads, for the work is computing only; with 1 the caller's own
     */
    static void share(int threads, Consumer<AtomicInteger> work) {
        var next = new AtomicInteger();
        if (threads == 1) {
            work.accept(next);
            return;
        }
        try (var pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                parts.add(pool.submit(() -> work.accept(next)));
            }
            try {
                for (Future<?> part : parts) {
                    part.get();
                }
            } finally {
                next.set(END); // after a fault or an interrupt the others take no more
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException fault -> throw fault;
                case Error fault -> throw fault;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }
}
