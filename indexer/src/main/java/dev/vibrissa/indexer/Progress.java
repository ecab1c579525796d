package dev.vibrissa.indexer;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Told after every committed batch, by the thread that committed it. */
@FunctionalInterface
public interface Progress {
    Progress SILENT = _ -> {};

    void committed(Position position);

    /**
     * How far indexing has come.
     *
     * @param last the checkpoint indexed last
     * @param until the checkpoint the source ends with, where it is known
     * @param lastTime the chain's clock at {@code last}
     * @param checkpoints indexed since the start of this run
     * @param facts rows stored since the start of this run
     * @param took from the first statement of the batch to the end of its commit
     */
    record Position(
            long first,
            long last,
            Optional<Long> until,
            Instant lastTime,
            long checkpoints,
            long facts,
            Duration took) {}
}
