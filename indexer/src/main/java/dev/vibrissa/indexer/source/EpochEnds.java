package dev.vibrissa.indexer.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The last checkpoints of the Sui epochs that are over, as a store lists them. Whoever asks while the list is read waits
 * for it, and what came of it is kept for a while, be it nothing: every checkpoint that a store lacks leads here.
 */
final class EpochEnds {
    /** Two hundred years of days. */
    static final int MAX_BYTES = 1 << 20;

    private static final Logger LOG = Logger.getLogger(EpochEnds.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The list grows once a day. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    private static final Duration FAULT_KEPT = Duration.ofSeconds(5);

    private final Reader reader;
    private final Ticker ticker;
    private final ReentrantLock reading = new ReentrantLock();
    private @Nullable Read last;
    private long keptUntil;

    /** What came of asking for the list. */
    sealed interface Read {
        /** Empty if the store has none. */
        record Ends(List<Long> checkpoints) implements Read {}

        /** No answer, for a reason that may pass. */
        record Unavailable(String fault) implements Read {}

        record Refused(String reason) implements Read {}
    }

    /** Asks the store. */
    @FunctionalInterface
    interface Reader {
        Read read() throws InterruptedException;
    }

    EpochEnds(Reader reader, Ticker ticker) {
        this.reader = reader;
        this.ticker = ticker;
    }

    Read read() throws InterruptedException {
        reading.lockInterruptibly();
        try {
            Read known = last;
            if (known != null && ticker.nanos() - keptUntil < 0) {
                return known;
            }
            Read read = reader.read();
            last = read;
            keptUntil = ticker.nanos() + (read instanceof Read.Ends ? KEPT : FAULT_KEPT).toNanos();
            return read;
        } finally {
            reading.unlock();
        }
    }

    Optional<Long> lastCheckpointOf(long suiEpoch) throws InterruptedException {
        return read() instanceof Read.Ends(var ends) && suiEpoch >= 0 && suiEpoch < ends.size()
                ? Optional.of(ends.get((int) suiEpoch))
                : Optional.empty();
    }

    /** The last of the last epoch, up to a day ago: a store does not tell more. */
    Tip tip() throws InterruptedException {
        return switch (read()) {
            case Read.Ends(var ends) -> ends.isEmpty() ? new Tip.Untold() : new Tip.At(ends.getLast());
            case Read.Unavailable(String fault) -> new Tip.Unavailable(fault);
            case Read.Refused(String reason) -> new Tip.Refused(reason);
        };
    }

    /** What is not a list of sequence numbers is as good as none. */
    static Read.Ends parse(String location, byte[] bytes) {
        try {
            return new Read.Ends(ends(JSON.readTree(bytes)));
        } catch (JsonProcessingException fault) {
            return none(location, fault.getOriginalMessage());
        } catch (IOException | IllegalArgumentException fault) {
            return none(location, String.valueOf(fault.getMessage()));
        }
    }

    private static Read.Ends none(String location, String reason) {
        LOG.warnf("source=%s fault=\"no list of epochs: %s\"", location, reason);
        return new Read.Ends(List.of());
    }

    private static List<Long> ends(@Nullable JsonNode list) {
        if (list == null || !list.isArray()) {
            throw new IllegalArgumentException("it is no array");
        }
        var ends = new ArrayList<Long>();
        for (JsonNode end : list) {
            if (!end.isIntegralNumber() || !end.canConvertToLong() || end.asLong() < 0) {
                throw new IllegalArgumentException("entry %d is no sequence number".formatted(ends.size()));
            }
            ends.add(end.asLong());
        }
        return List.copyOf(ends);
    }
}
