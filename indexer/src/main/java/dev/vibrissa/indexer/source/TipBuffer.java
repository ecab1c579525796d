package dev.vibrissa.indexer.source;

import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Checkpoints that a stream brought, until they are asked for; bounded by bytes, and one more.
 *
 * <p>While whoever asks is far behind the stream, new ones push out old ones: the gap is filled from elsewhere, and its end
 * shall meet the tip. Once it has met, the stream waits instead.
 */
final class TipBuffer {
    /** Those that are fetched ahead are not asked for in order. */
    private static final long REACH = 64;

    private final long budgetBytes;
    private final TreeMap<Long, RawCheckpoint> checkpoints = new TreeMap<>();
    private long bytes;
    private long asked = -1;
    private long newest = -1;
    private boolean isLive;

    TipBuffer(long budgetBytes) {
        this.budgetBytes = budgetBytes;
    }

    /** Waits while it is full of what is about to be asked for. */
    synchronized void awaitRoom() throws InterruptedException {
        while (bytes >= budgetBytes && !checkpoints.isEmpty() && isWithinReach(checkpoints.firstKey())) {
            wait();
        }
    }

    private boolean isWithinReach(long sequenceNumber) {
        return sequenceNumber <= asked + REACH && sequenceNumber > asked - REACH;
    }

    synchronized void add(RawCheckpoint checkpoint) {
        isLive = true;
        newest = checkpoint.sequenceNumber();
        RawCheckpoint before = checkpoints.put(checkpoint.sequenceNumber(), checkpoint);
        bytes += checkpoint.bytes().length - (before == null ? 0 : before.bytes().length);
        dropStale();
        while (bytes > budgetBytes && checkpoints.size() > 1 && !isWithinReach(checkpoints.firstKey())) {
            remove(checkpoints.firstKey());
        }
        notifyAll();
    }

    private void dropStale() {
        while (!checkpoints.isEmpty() && checkpoints.firstKey() <= asked - REACH) {
            remove(checkpoints.firstKey());
        }
    }

    private Optional<RawCheckpoint> remove(long sequenceNumber) {
        RawCheckpoint removed = checkpoints.remove(sequenceNumber);
        bytes -= removed == null ? 0 : removed.bytes().length;
        return Optional.ofNullable(removed);
    }

    synchronized Optional<RawCheckpoint> take(long sequenceNumber) {
        asked = Math.max(asked, sequenceNumber);
        var taken = remove(sequenceNumber);
        dropStale();
        notifyAll();
        return taken;
    }

    synchronized boolean holds(long sequenceNumber) {
        return checkpoints.containsKey(sequenceNumber);
    }

    /** The stream ended: what it would have brought has to be asked for. */
    synchronized void ended() {
        isLive = false;
        notifyAll();
    }

    /** What this place sent is of no use. */
    synchronized void forget(String origin) {
        checkpoints.values().removeIf(each -> each.origin().equals(origin));
        bytes = checkpoints.values().stream()
                .mapToLong(each -> each.bytes().length)
                .sum();
        notifyAll();
    }

    /** Whether a stream that is alive will bring it. */
    synchronized boolean isAwaited(long sequenceNumber) {
        return isLive && sequenceNumber > newest;
    }

    /** Waits until it is there, or the stream has passed it or ended, or for so long. */
    synchronized void await(long sequenceNumber, Duration longest) throws InterruptedException {
        long until = System.nanoTime() + longest.toNanos();
        while (isAwaited(sequenceNumber)) {
            long millis = Duration.ofNanos(until - System.nanoTime()).toMillis();
            if (millis <= 0) {
                return;
            }
            wait(millis);
        }
    }
}
