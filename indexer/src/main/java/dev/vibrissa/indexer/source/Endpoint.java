package dev.vibrissa.indexer.source;

import dev.vibrissa.protocol.sui.Digest;
import java.util.Optional;

/**
 * One place that can be asked for checkpoints. It answers each question once and says what came of it; when and whom to
 * ask again is decided by {@link LiveSource}. Safe for use by several threads.
 */
public sealed interface Endpoint extends AutoCloseable permits FullNode, CheckpointStore {

    /** As the column {@code source.kind} has it. */
    String kind();

    String location();

    /**
     * Asks for a whole checkpoint.
     *
     * @param room asked before bytes are held; what was taken for an answer other than {@link Answer.Found} is still taken
     */
    Answer ask(long sequenceNumber, Room room) throws InterruptedException;

    /** Asks for the last checkpoint it has. */
    Tip tip() throws InterruptedException;

    /** The last checkpoint of a Sui epoch, by its own word; empty while the epoch runs, or if there is no answer. */
    Optional<Long> lastCheckpointOf(long suiEpoch) throws InterruptedException;

    /** Summary and signature of a checkpoint; empty if there is no answer, or none that can be decoded. */
    Optional<CertifiedSummary> summary(long sequenceNumber) throws InterruptedException;

    /** The same by digest, where it can be asked so. */
    Optional<CertifiedSummary> summary(Digest digest) throws InterruptedException;

    /** The chain it says it serves, as soon as it was asked. */
    Optional<Digest> chain();

    @Override
    void close();
}
