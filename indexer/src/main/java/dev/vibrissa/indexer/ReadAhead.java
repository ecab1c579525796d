package dev.vibrissa.indexer;

import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Fetches and decodes ahead of the writer, and hands results out in order.
 *
 * <p>What bounds it is bytes, not checkpoints: as many are under way as fit the budget by the running mean of their
 * size, so that a run of huge checkpoints narrows the front by itself. Of the threads that fetch, only a few decode at
 * a time. They are platform threads: virtual ones that load classes pin their carriers, and with two cores the writer
 * then waited for ever on a class loader's lock.
 *
 * <p>Used by one thread.
 */
final class ReadAhead<T> implements AutoCloseable {
    /** Bytes a decoded checkpoint holds for each byte of its file: measured on mainnet, 3.2 of it compression. */
    private static final int DECODED_BYTES_PER_FILE_BYTE = 8;

    private static final int MOST_UNDER_WAY = 32;
    private static final long FIRST_GUESS_BYTES = 64 << 10;

    private final CheckpointSource source;
    private final Function<RawCheckpoint, T> decode;
    private final long budgetBytes;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            MOST_UNDER_WAY, Thread.ofPlatform().name("read-ahead-", 0).daemon().factory());
    private final Semaphore decoders;
    private final ArrayDeque<Future<Optional<Fetched<T>>>> underWay = new ArrayDeque<>();
    private long next;
    private double meanFileBytes = FIRST_GUESS_BYTES;

    private record Fetched<T>(T value, int fileBytes) {}

    ReadAhead(CheckpointSource source, long first, long budgetBytes, int decoders, Function<RawCheckpoint, T> decode) {
        this.source = source;
        this.next = first;
        this.budgetBytes = budgetBytes;
        this.decoders = new Semaphore(decoders);
        this.decode = decode;
    }

    /** Whether {@link #next} would answer without waiting. */
    boolean isReady() {
        return !underWay.isEmpty() && underWay.peek().isDone();
    }

    /**
     * The next checkpoint in order, decoded; empty where the source ends.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Optional<T> next() throws InterruptedException {
        int wanted = (int)
                Math.clamp((long) (budgetBytes / (meanFileBytes * DECODED_BYTES_PER_FILE_BYTE)), 1, MOST_UNDER_WAY);
        long last = source.last().orElse(Long.MAX_VALUE);
        while (underWay.size() < wanted && next <= last) {
            long sequenceNumber = next++;
            underWay.add(threads.submit(() -> fetch(sequenceNumber)));
        }
        if (underWay.isEmpty()) {
            return Optional.empty();
        }
        try {
            var fetched = underWay.remove().get();
            fetched.ifPresent(each -> meanFileBytes += (each.fileBytes() - meanFileBytes) / 16);
            return fetched.map(Fetched::value);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Optional<Fetched<T>> fetch(long sequenceNumber) throws InterruptedException {
        var raw = source.fetch(sequenceNumber);
        if (raw.isEmpty()) {
            return Optional.empty();
        }
        decoders.acquire();
        try {
            return Optional.of(new Fetched<>(decode.apply(raw.get()), raw.get().bytes().length));
        } finally {
            decoders.release();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
