package dev.vibrissa.indexer.source;

import java.time.Duration;
import java.util.Optional;

/** Somewhere checkpoints can be had from, by sequence number. Safe for use by several threads. */
public interface CheckpointSource extends AutoCloseable {

    /** What kind of place it is, as the column {@code source.kind} has it: {@code directory} or {@code store}. */
    String kind();

    /** Where it is, for people: a path or an address. */
    String location();

    /** The first checkpoint to read where nothing is indexed yet. */
    long first();

    /** The last checkpoint, where the source knows its end. */
    Optional<Long> last();

    /** Whether a checkpoint that is not there yet is waited for; otherwise the source ends where one is missing. */
    default boolean isFollowed() {
        return false;
    }

    /**
     * How long to wait before a checkpoint whose bytes could not be decoded is fetched again.
     *
     * @param attempt how often it was fetched, from 1
     * @return empty if it would be in vain
     */
    default Optional<Duration> pauseAfterDamage(int attempt) {
        return Optional.empty();
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
     */
    record RawCheckpoint(long sequenceNumber, String name, byte[] bytes) {}
}
