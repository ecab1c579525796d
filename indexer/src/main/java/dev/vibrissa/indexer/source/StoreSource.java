package dev.vibrissa.indexer.source;

import dev.vibrissa.protocol.sui.CheckpointFormatException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * A checkpoint store by itself.
 *
 * <p>A 404 means not produced yet: it ends a bounded reading, and a followed store is asked again. 408, 429 and 5xx,
 * broken connections and short bodies are asked again with growing pauses, for ever, as the store promises to have
 * them. Anything else is permanent.
 */
public final class StoreSource implements CheckpointSource {
    private static final Logger LOG = Logger.getLogger(StoreSource.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(60));
    private static final int MAX_DAMAGED = 5;

    private final CheckpointStore store;
    private final long first;
    private final Optional<Long> last;
    private final AtTip atTip;

    /** What to do where the store has no more checkpoints. */
    public enum AtTip {
        END,
        WAIT
    }

    /**
     * @param base address of the store, with or without a slash at its end
     * @param first checkpoint to begin with
     * @param last checkpoint to end with, inclusive; empty: until the store has no more, or for ever
     */
    public StoreSource(URI base, long first, Optional<Long> last, AtTip atTip) {
        this(new CheckpointStore(base), first, last, atTip);
    }

    StoreSource(URI base, long first, Optional<Long> last, AtTip atTip, Duration bodyTimeout) {
        this(new CheckpointStore(base, bodyTimeout, Ticker.SYSTEM), first, last, atTip);
    }

    private StoreSource(CheckpointStore store, long first, Optional<Long> last, AtTip atTip) {
        this.store = store;
        this.first = first;
        this.last = last;
        this.atTip = atTip;
    }

    @Override
    public String kind() {
        return store.kind();
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public long first() {
        return first;
    }

    @Override
    public Optional<Long> last() {
        return last;
    }

    @Override
    public boolean isFollowed() {
        return atTip == AtTip.WAIT;
    }

    /** Bytes can suffer on their way. A store that keeps sending the same bad ones ends a bounded reading. */
    @Override
    public Optional<Duration> refuse(RawCheckpoint refused, RuntimeException reason, int attempt) {
        return reason instanceof CheckpointFormatException && (attempt < MAX_DAMAGED || isFollowed())
                ? Optional.of(BACKOFF.after(attempt))
                : Optional.empty();
    }

    @Override
    public Optional<RawCheckpoint> fetch(long sequenceNumber, Room room) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            switch (store.ask(sequenceNumber, room)) {
                case Answer.Found(RawCheckpoint found) -> {
                    return Optional.of(found);
                }
                case Answer.NotYet _, Answer.Pruned _ -> {
                    return Optional.empty();
                }
                case Answer.Refused(String reason) -> throw new SourceException(reason);
                case Answer.Unavailable(String fault) -> {
                    room.giveBack();
                    Duration pause = BACKOFF.after(attempt);
                    LOG.warnf(
                            "source=%s%d fault=\"%s\" attempt=%d pauseMillis=%d",
                            location(), sequenceNumber, fault, attempt, pause.toMillis());
                    Thread.sleep(pause);
                }
            }
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
