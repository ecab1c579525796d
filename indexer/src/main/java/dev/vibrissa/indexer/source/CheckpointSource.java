package dev.vibrissa.indexer.source;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Somewhere checkpoints can be had from, by sequence number. Safe for use by several threads. */
public interface CheckpointSource extends AutoCloseable {
    /** Between two questions for a checkpoint that is not there yet: one is produced about four times a second. */
    Duration POLL_PAUSE = Duration.ofMillis(200);

    /** What kind of place it is, as the column {@code source.kind} has it: {@code directory}, {@code store} or {@code grpc}. */
    String kind();

    /** Where it is, for people: a path or an address. */
    String location();

    /**
     * The first checkpoint to read where nothing is indexed yet.
     *
     * @throws InterruptedException if the thread is interrupted while it is found out
     */
    long first() throws InterruptedException;

    /** The first checkpoint to read where something is indexed; at or before the end of it, the two are compared. */
    default long firstFrom(long lastIndexed) throws InterruptedException {
        return first();
    }

    /** The last checkpoint, where the source knows its end. */
    Optional<Long> last();

    /** Whether a checkpoint that is not there yet is waited for; otherwise the source ends where one is missing. */
    default boolean isFollowed() {
        return false;
    }

    /** The chain that its places say they serve, as a digest of checkpoint 0; empty if none has said so. */
    default Optional<Digest> chain() {
        return Optional.empty();
    }

    /**
     * Waits until {@code sequenceNumber}, which was not there yet, may be, or for some time.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    default void awaitNext(long sequenceNumber) throws InterruptedException {
        Ticker.SYSTEM.sleep(POLL_PAUSE);
    }

    /**
     * Told that what it handed out is damaged or must not be believed.
     *
     * @param attempt how often this checkpoint was fetched, from 1
     * @return how long to wait before it is fetched again; empty if it would be in vain, and the reason stands
     */
    default Optional<Duration> refuse(RawCheckpoint refused, RuntimeException reason, int attempt) {
        return Optional.empty();
    }

    /**
     * The last checkpoint of a Sui epoch, which names the committee of the next one. Where it was found proves nothing.
     *
     * @param isBelieved whether one will do; else another place is asked
     */
    default Optional<CertifiedSummary> endOfEpoch(long suiEpoch, Predicate<CertifiedSummary> isBelieved)
            throws InterruptedException {
        return Optional.empty();
    }

    /** The summary with this digest, where it can be asked for so. */
    default Optional<CertifiedSummary> summary(Digest digest) throws InterruptedException {
        return Optional.empty();
    }

    /**
     * Objects as they were before the first transaction of a checkpoint. Where they were found proves nothing.
     *
     * @param isBelieved told id and BCS of an object, whether it will do; else another place is asked
     * @return BCS by id; without those that did not exist then, and those that no place tells
     */
    default Map<SuiAddress, Bytes> objectsBefore(
            long sequenceNumber, Collection<SuiAddress> ids, BiPredicate<SuiAddress, Bytes> isBelieved)
            throws InterruptedException {
        return Map.of();
    }

    /** The objects in a table of objects, as it is by now; empty if no place tells. */
    default Set<SuiAddress> objectsIn(SuiAddress table) throws InterruptedException {
        return Set.of();
    }

    /**
     * The bytes of one checkpoint, in whatever container the source keeps.
     *
     * @param room asked before bytes are held
     * @return empty if the source has not got {@code sequenceNumber}, for now or for good
     * @throws SourceException if the bytes cannot be had
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Optional<RawCheckpoint> fetch(long sequenceNumber, Room room) throws InterruptedException;

    @Override
    default void close() {}

    /**
     * A checkpoint as it was found.
     *
     * @param name file name or address, for messages; its ending tells the container
     * @param origin which of the places of a source it came from
     */
    record RawCheckpoint(long sequenceNumber, String name, String origin, byte[] bytes) {
        public RawCheckpoint(long sequenceNumber, String name, byte[] bytes) {
            this(sequenceNumber, name, name, bytes);
        }
    }
}
