package dev.vibrissa.indexer.source;

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

    /**
     * The bytes of one checkpoint, in whatever container the source keeps.
     *
     * @return empty if the source ends before {@code sequenceNumber}
     * @throws SourceException if the bytes cannot be had
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Optional<RawCheckpoint> fetch(long sequenceNumber) throws InterruptedException;

    @Override
    default void close() {}

    /**
     * A checkpoint as it was found.
     *
     * @param name file name or address, for messages; its ending tells the container
     */
    record RawCheckpoint(long sequenceNumber, String name, byte[] bytes) {}
}
