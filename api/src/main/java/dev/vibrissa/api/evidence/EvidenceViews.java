package dev.vibrissa.api.evidence;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.vibrissa.api.event.EventView;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.walrus.BlobId;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How evidence is shown. */
final class EvidenceViews {
    private EvidenceViews() {}

    /**
     * Evidence for the events of a blob.
     *
     * @param committees Sui committees that signed, as we know them: a convenience, no proof
     */
    @Schema(name = "BlobEvidence")
    record BlobEvidence(
            AsOf asOf,
            BlobId blobId,
            List<EvidenceItem> items,

            @Schema(description = "Cursor of the following page; null if this is the last.") @Nullable
            String next,

            @Schema(
                    description = "Sui committees that signed, as we know them: a convenience, no proof. Trust only"
                            + " one that you got elsewhere.")
            List<SuiCommittee> committees,

            @Schema(
                    description =
                            "Last checkpoints of Sui epochs, each naming the committee of the next: they lead from"
                                    + " a committee that you trust to those that signed.")
            List<HandOver> handOvers) {}

    /**
     * @param decides whether the storage node's status names this very event
     * @param link the same evidence as a file by itself
     * @param evidence by {@code schemas/evidence-v1.schema.json}; null where the event came without its checkpoint
     */
    @Schema(name = "EvidenceItem")
    record EvidenceItem(
            EventView event,

            @Schema(description = "Whether the status names this very event.")
            boolean decides,

            @Schema(
                    description = "The same evidence as a file by itself, for ./vibrissa verify-evidence.",
                    examples = "/v1/evidence/6EW5AyjdVTURCUkK3zWzBCwBQdq72nUoLK5dLZLeHRwB/0")
            @Nullable
            String link,

            @Schema(
                    description = "By schemas/evidence-v1.schema.json: certified summary, contents, effects, events.",
                    type = SchemaType.OBJECT)
            @JsonRawValue
            @Nullable
            String evidence) {}

    /** The certified summary of the last checkpoint of a Sui epoch, in the words of the evidence format. */
    @Schema(name = "HandOver")
    record HandOver(
            @Schema(examples = "1052") long checkpoint,

            @Schema(description = "BCS of the summary in Base64.")
            String summary,

            Signature signature) {}

    @Schema(name = "AuthoritySignature")
    record Signature(@Schema(examples = "501") long epoch, String signature, String bitmap) {}

    @Schema(name = "SuiCommittee")
    record SuiCommittee(
            @Schema(examples = "501") long suiEpoch,
            @Schema(enumeration = {"anchor", "hand-over"}) String trust,

            @Schema(description = "u64 epoch, vector of (96-byte key, u64 stake), BCS in Base64.")
            String committee) {}
}
