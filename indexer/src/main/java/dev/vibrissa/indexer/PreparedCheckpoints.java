package dev.vibrissa.indexer;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.indexer.trust.ChainVerifier;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.walrus.PackageChain;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;

/** Checkpoints in order with what they say, read ahead in this process or extracted in others. Used by one thread. */
public interface PreparedCheckpoints extends AutoCloseable {
    /**
     * A checkpoint that was decoded, whose digests fit, and whose facts were read with the packages known then.
     *
     * @param raw empty where it was extracted elsewhere: then {@code checkpoint} has neither transactions nor objects
     */
    record Prepared(
            Optional<RawCheckpoint> raw,
            Checkpoint checkpoint,
            CheckpointFacts facts,
            ChainVerifier.Ahead certificate) {}

    /** Where an indexer finds them, other than by reading its source itself. */
    @FunctionalInterface
    interface Elsewhere {
        /**
         * @param first the first one that is wanted
         * @param last the last one, where the chain is known to end
         * @param packages those that count as Walrus's by now
         * @param verifier checks certificates before their turn
         * @param tip told when there is nothing to catch up with
         */
        PreparedCheckpoints open(
                long first,
                Optional<Long> last,
                Supplier<PackageChain> packages,
                ChainVerifier verifier,
                TipPriority tip)
                throws SQLException, InterruptedException;
    }

    /** The next one, waited for; empty where the chain ends. */
    Optional<Prepared> next() throws SQLException, InterruptedException;

    /** Whether {@link #next} would answer without waiting, and without holding more than there is room for. */
    boolean isReady() throws SQLException, InterruptedException;

    /**
     * Another in the place of one that turned out not to be believed.
     *
     * @throws ChainException {@code fault}, if there is no other
     */
    Prepared instead(Prepared refused, ChainException fault) throws SQLException, InterruptedException;

    /**
     * Whether what cannot be stored may come otherwise, so that it is worth to find the culprit and to ask for another. What
     * was read and extracted in this process would come out the same.
     */
    default boolean hasOthers() {
        return false;
    }

    /** Has {@link #next} hand out again what it handed out from {@code first} on. */
    default void goBack(long first) {
        throw new UnsupportedOperationException("nobody has others");
    }

    /**
     * Has {@link #next} hand out another in the place of one that cannot be stored, and what comes after it.
     *
     * @throws ChainException {@code fault}, if there is no other
     */
    default void refuse(long sequenceNumber, ChainException fault) throws SQLException {
        throw fault;
    }

    /** The same checkpoint as it reads with these packages. */
    Prepared readWith(Prepared stale, PackageChain packages) throws SQLException, InterruptedException;

    /**
     * Part of the transaction that stores everything up to a checkpoint.
     *
     * @param last what {@link #next} has handed out, or a later one
     */
    default void storing(Connection db, long last) throws SQLException {}

    /** What was handed out is held no longer. */
    void release();

    @Override
    void close();
}
