package dev.vibrissa.api.eventblob;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The answers about event blobs. */
final class EventBlobViews {
    private EventBlobViews() {}

    /** An event blob that was held against our rows, or that could not be. */
    @Schema(name = "EventBlob")
    record AuditView(
            BlobId blobId,

            @Schema(description = "Null where it could not be read.", examples = "0") @Nullable
            Long firstCheckpoint,

            @Schema(examples = "399") long lastCheckpoint,

            @Schema(description = "Null: the first of all, or not read.") @Nullable
            BlobId previousBlobId,

            @Schema(
                    description = "agrees; differs; incomplete: it has an event of a kind that we do not know, and was "
                            + "compared up to there; malformed: it is no event blob, or not the one that is meant; "
                            + "unavailable: it was not to be had.",
                    examples = "agrees")
            String outcome,

            @Schema(description = "Why, where it is not 'agrees'.")
            String detail,

            @Schema(description = "Walrus epoch in which it was begun.") @Nullable
            Long epoch,

            @Schema(description = "Number of its first element in the whole history.") @Nullable
            Long firstIndex,

            @Schema(description = "Number of the element that follows it.") @Nullable
            Long nextIndex,

            @Schema(examples = "16012") @Nullable String bytes,

            @Schema(description = "Events of the file that were compared with ours.") @Nullable
            Long events,

            @Schema(description = "Events that we have not.")
            long missing,

            @Schema(description = "Events that we have with other contents.")
            long altered,

            @Schema(description = "Events of ours that the file has not.")
            long surplus,

            @Schema(description = "Events that we have elsewhere.")
            long moved,

            @Schema(description = "The first checkpoint that was compared: ours may begin within the file.") @Nullable
            Long comparedFrom,

            @Schema(description = "Transaction that certified it, where we saw it.") @Nullable
            Digest certifiedBy,

            Instant auditedAt) {}

    /** One event in which an event blob and our rows differ. */
    @Schema(name = "EventBlobDifference")
    record DifferenceView(
            BlobId blobId,
            @Schema(examples = "0") int number,

            @Schema(
                    description = "missing, altered, surplus or moved: ours, as seen from the file.",
                    examples = "missing")
            String what,

            @Schema(examples = "101") long checkpoint,

            @Schema(description = "Number of the element; null where the file has none.") @Nullable
            Long elementIndex,

            Digest tx,

            @Schema(description = "Among the Walrus events of the transaction.")
            int ordinal,

            @Schema(description = "Name and contents in the file.") @Nullable
            String theirs,

            @Schema(description = "The same of ours, or where we have it.") @Nullable
            String ours) {}

    /** A candidate for an event blob. Two for one checkpoint mean that nodes disagree. */
    @Schema(name = "EventBlobCandidate")
    record CandidateView(
            @Schema(description = "As the nodes say; unsigned 64-bit.", examples = "399")
            String endingCheckpoint,

            BlobId blobId,

            @Schema(description = "Checkpoint at which a quorum was reached; null: none yet.") @Nullable
            Long certifiedAt,

            @Schema(description = "Shards whose nodes attested, without the one that completed the quorum.")
            int weight,

            @Schema(description = "Nodes that attested to it in time.")
            List<String> nodeIds) {}

    /** How far a node says that it is, beside us. */
    @Schema(name = "NodeProgress")
    record ProgressView(
            SuiAddress nodeId,
            @Nullable String name,
            Instant askedAt,

            @Schema(description = "Why it said nothing; null: it answered.") @Nullable
            String failure,

            @Schema(description = "The next element that it will handle.") @Nullable
            Long persisted,

            @Schema(description = "The next element of ours; null before an event blob was read.") @Nullable
            Long ourNextIndex,

            @Schema(description = "Elements by which it is behind us; negative: we are behind it.") @Nullable
            Long elementsBehind,

            @Nullable Long latestCheckpoint,

            @Schema(description = "Checkpoints by which it is behind us; negative: we are behind it.") @Nullable
            Long checkpointsBehind) {}
}
