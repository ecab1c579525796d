package dev.vibrissa.indexer;

import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Fetches and decodes ahead of the writer, and hands results out in order.
 *
 * <p>What bounds it is bytes, not checkpoints: a {@link ByteBudget} is asked before bytes are read, and counts what was
 * handed out until the writer has let go of it. How many are asked for at a time adapts: as many as fit by the running mean
 * of their size, and at the tip of a followed source one, more again with each checkpoint that is there. Of the threads
 * that fetch, only a few decode at a time. They are platform threads: virtual ones that load classes pin their carriers,
 * and with two cores the writer then waited for ever on a class loader's lock.
 *
 * <p>Used by one thread.
 */
final class ReadAhead<T> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ReadAhead.class);
    private static final int MOST_UNDER_WAY = 32;
    private static final long FIRST_GUESS_BYTES = 64 << 10;
    /** A line in the log while the tip does not move: it may be a wrong address. */
    private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

    /** At the tip at most a few come at once; more in a row without waiting, and it is behind. */
    private static final int MOST_AT_TIP = 8;

    private final CheckpointSource source;
    private final boolean followed;
    /** 1 upwards, -1 downwards. */
    private final int step;

    private final Optional<Long> end;
    private final TipPriority tip;
    private final Function<RawCheckpoint, T> decode;
    private final long budgetBytes;
    private final ByteBudget budget;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            MOST_UNDER_WAY, Thread.ofPlatform().name("read-ahead-", 0).daemon().factory());
    private final Semaphore decoders;
    private final ArrayDeque<UnderWay<T>> underWay = new ArrayDeque<>();
    private long next;
    private int front = MOST_UNDER_WAY;
    private long awaited = -1;
    private long saidAt = System.nanoTime() - BETWEEN_LINES.toNanos();
    private double meanFileBytes = FIRST_GUESS_BYTES;

    private record Fetched<T>(T value, int fileBytes) {}

    private record UnderWay<T>(long sequenceNumber, ByteBudget.Share share, Future<Optional<Fetched<T>>> fetched) {}

    /** Reads upwards from {@code first} to the end of the source, or follows it. */
    ReadAhead(
            CheckpointSource source,
            long first,
            long budgetBytes,
            int decoders,
            Function<RawCheckpoint, T> decode,
            TipPriority tip) {
        this(source, source.isFollowed(), first, 1, Optional.empty(), budgetBytes, decoders, decode, tip);
    }

    /** The same where nobody gives way to it. */
    ReadAhead(CheckpointSource source, long first, long budgetBytes, int decoders, Function<RawCheckpoint, T> decode) {
        this(source, first, budgetBytes, decoders, decode, TipPriority.ofNone());
    }

    private ReadAhead(
            CheckpointSource source,
            boolean followed,
            long first,
            int step,
            Optional<Long> end,
            long budgetBytes,
            int decoders,
            Function<RawCheckpoint, T> decode,
            TipPriority tip) {
        this.source = source;
        this.followed = followed;
        this.next = first;
        this.step = step;
        this.end = end;
        this.budgetBytes = budgetBytes;
        this.budget = new ByteBudget(budgetBytes);
        this.decoders = new Semaphore(decoders);
        this.decode = decode;
        this.tip = tip;
    }

    /** Reads from one checkpoint to another, upwards or downwards, and ends early where the source lacks one. */
    static <T> ReadAhead<T> between(
            CheckpointSource source,
            long from,
            long to,
            long budgetBytes,
            int decoders,
            Function<RawCheckpoint, T> decode) {
        return new ReadAhead<>(
                source,
                false,
                from,
                from <= to ? 1 : -1,
                Optional.of(to),
                budgetBytes,
                decoders,
                decode,
                TipPriority.ofNone());
    }

    /** Whether {@link #next} would answer without waiting. */
    boolean isReady() {
        if (underWay.isEmpty() || !underWay.peek().fetched().isDone()) {
            return false;
        }
        var fetched = underWay.peek().fetched();
        return !followed
                || fetched.state() != Future.State.SUCCESS
                || fetched.resultNow().isPresent();
    }

    /** What was handed out is held no longer. */
    void release() {
        budget.release();
    }

    /** The most bytes that were ever held at a time, by the measure of the budget. */
    long mostBytes() {
        return budget.mostBytes();
    }

    /**
     * The next checkpoint in order, decoded; empty where the source ends.
     *
     * @throws IllegalStateException if it may have to wait for what was handed out before and not released
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Optional<T> next() throws InterruptedException {
        if (budget.hasHandedOut() && !isReady()) {
            throw new IllegalStateException("the next checkpoint may need the room of those handed out: release first");
        }
        submit();
        while (!underWay.isEmpty()) {
            var oldest = underWay.peek();
            var fetched = outcome(oldest.fetched());
            if (fetched.isPresent()) {
                underWay.remove();
                budget.handOut();
                meanFileBytes += (fetched.get().fileBytes() - meanFileBytes) / 16;
                front = Math.min(MOST_UNDER_WAY, front + 1);
                if (front > MOST_AT_TIP) {
                    tip.fallBehind();
                }
                return fetched.map(Fetched::value);
            }
            if (!followed) {
                return Optional.empty();
            }
            awaitTip();
        }
        return Optional.empty();
    }

    /** Asks again for the oldest, which was not there yet. Only this one: to ask for those after it would be in vain. */
    private void awaitTip() throws InterruptedException {
        front = 1;
        tip.catchUp();
        var missing = underWay.remove();
        if (missing.sequenceNumber() == awaited && System.nanoTime() - saidAt >= BETWEEN_LINES.toNanos()) {
            LOG.infof("waiting source=%s checkpoint=%d", source.location(), (Object) awaited);
            saidAt = System.nanoTime();
        }
        awaited = missing.sequenceNumber();
        source.awaitNext(missing.sequenceNumber());
        underWay.addFirst(fetch(missing.sequenceNumber(), missing.share()));
    }

    private void submit() {
        int fitting = (int)
                Math.clamp((long) (budgetBytes / (meanFileBytes * ByteBudget.Share.BYTES_PER_FILE_BYTE)), 1, front);
        long last = end.orElseGet(() -> source.last().orElse(Long.MAX_VALUE));
        while (underWay.size() < fitting && (step > 0 ? next <= last : next >= last)) {
            underWay.add(fetch(next, budget.open()));
            next += step;
        }
    }

    private UnderWay<T> fetch(long sequenceNumber, ByteBudget.Share share) {
        return new UnderWay<>(sequenceNumber, share, threads.submit(() -> fetchAndDecode(sequenceNumber, share)));
    }

    private static <R> R outcome(Future<R> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Optional<Fetched<T>> fetchAndDecode(long sequenceNumber, ByteBudget.Share share)
            throws InterruptedException {
        return DamagedBodies.fetch(
                source, sequenceNumber, share, raw -> new Fetched<>(decode(raw), raw.bytes().length), share::giveBack);
    }

    private T decode(RawCheckpoint raw) throws InterruptedException {
        decoders.acquire();
        try {
            return decode.apply(raw);
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
