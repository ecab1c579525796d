package dev.vibrissa.protocol.sui.proof;

import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointSummary;
import dev.vibrissa.protocol.sui.Digest;
import java.util.Optional;

/**
 * Where a hash chain of checkpoints has come to. Each summary names the digest of the one before, so one certificate
 * vouches for all earlier checkpoints that are linked to it.
 *
 * @param networkTotalTransactions transactions since genesis up to here
 */
public record ChainPosition(long sequenceNumber, Digest digest, long networkTotalTransactions) {
    /** What came of following the chain by one checkpoint. */
    public sealed interface Link {
        record Linked(ChainPosition next) implements Link {}

        /** Checkpoints are missing, or come again. */
        record Gap(long expected, long actual) implements Link {}

        /** The checkpoint follows another one than ours: a different chain, or a lie. */
        record Broken(long sequenceNumber, Digest expectedPrevious, String actualPrevious) implements Link {}

        /** The number of transactions does not add up. */
        record Miscounted(long sequenceNumber, long expectedTotal, long actualTotal) implements Link {}

        /** One sentence with the numbers. */
        default String describe() {
            return switch (this) {
                case Linked(ChainPosition next) -> "checkpoint %d is linked".formatted(next.sequenceNumber);
                case Gap(long expected, long actual) -> "checkpoint %d where %d is due".formatted(actual, expected);
                case Broken(long sequenceNumber, Digest expectedPrevious, String actualPrevious) ->
                    "checkpoint %d follows %s, but %d is %s"
                            .formatted(sequenceNumber, actualPrevious, sequenceNumber - 1, expectedPrevious);
                case Miscounted(long sequenceNumber, long expectedTotal, long actualTotal) ->
                    "checkpoint %d counts %d transactions since genesis where %d are due"
                            .formatted(sequenceNumber, actualTotal, expectedTotal);
            };
        }
    }

    /** The position of a checkpoint, taken as it is. */
    public static ChainPosition of(Checkpoint checkpoint) {
        CheckpointSummary summary = checkpoint.summary();
        return new ChainPosition(summary.sequenceNumber(), checkpoint.digest(), summary.networkTotalTransactions());
    }

    /** Goes on to {@code next} if it is the very next checkpoint of this chain. */
    public Link follow(Checkpoint next) {
        CheckpointSummary summary = next.summary();
        if (summary.sequenceNumber() != sequenceNumber + 1) {
            return new Link.Gap(sequenceNumber + 1, summary.sequenceNumber());
        }
        if (!summary.previousDigest().equals(Optional.of(digest))) {
            return new Link.Broken(
                    summary.sequenceNumber(),
                    digest,
                    summary.previousDigest().map(Digest::toString).orElse("nothing"));
        }
        long total = networkTotalTransactions + next.transactions().size();
        if (summary.networkTotalTransactions() != total) {
            return new Link.Miscounted(summary.sequenceNumber(), total, summary.networkTotalTransactions());
        }
        return new Link.Linked(of(next));
    }
}
