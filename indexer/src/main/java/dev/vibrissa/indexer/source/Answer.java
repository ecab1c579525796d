package dev.vibrissa.indexer.source;

import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import java.util.Optional;

/** What came of asking one place once for a checkpoint. */
sealed interface Answer {
    record Found(RawCheckpoint checkpoint) implements Answer {}

    /**
     * Not produced yet, as far as the place knows.
     *
     * @param tip its last checkpoint, where it told
     */
    record NotYet(Optional<Long> tip) implements Answer {}

    /** The place does not keep it any longer, or never did; a sentence about its range. */
    record Pruned(String reason) implements Answer {}

    /** No answer, or none that helps, for a reason that may pass. */
    record Unavailable(String fault) implements Answer {}

    /** Nothing of what this place says can be used: another chain, or no such service. */
    record Refused(String reason) implements Answer {}
}
