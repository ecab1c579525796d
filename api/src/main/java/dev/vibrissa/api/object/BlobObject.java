package dev.vibrissa.api.object;

import dev.vibrissa.api.answer.Occurrence;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A Blob or PooledBlob object with its life up to the checkpoint asked for.
 *
 * @param size unencoded bytes
 * @param encodedSize encoded bytes; null where size is unknown
 * @param origin observed: it is older than our history and was taken in as it was found
 * @param endEpoch exclusive; a pooled one's is its pool's
 * @param alive neither deleted nor expired; what was burned stays alive
 * @param eventBlob it holds Walrus events: registered by storage nodes and burned at once
 */
@Schema(description = "A Blob or PooledBlob object with its life up to the checkpoint asked for.")
public record BlobObject(
        SuiAddress objectId,
        BlobId blobId,
        @Schema(enumeration = {"own", "pooled"}) String kind,
        @Nullable SuiAddress storagePoolId,
        boolean deletable,

        @Schema(description = "Unencoded bytes.", examples = "1000000") @Nullable
        String size,

        @Schema(description = "Encoded bytes.", examples = "70038000") @Nullable
        String encodedSize,

        @Schema(examples = "1") @Nullable Integer encodingType,

        @Schema(
                description = "observed: older than our history and taken in as it was found.",
                enumeration = {"registered", "observed"})
        String origin,

        @Schema(examples = "1") @Nullable Long registeredEpoch,
        @Nullable Occurrence registered,
        @Schema(examples = "1") @Nullable Long certifiedEpoch,
        @Nullable Occurrence certified,

        @Schema(description = "Exclusive; a pooled one's is its pool's.", examples = "6") @Nullable
        Long endEpoch,

        @Schema(description = "Each end epoch an own object was given.")
        List<Term> endEpochHistory,

        @Nullable Occurrence deleted,
        boolean eventBlob,
        Holder owner,
        List<Ownership> ownerHistory,
        @Nullable Map<String, String> attributes,
        List<Attributes> attributesHistory,

        @Schema(description = "Neither deleted nor expired; what was burned stays alive.")
        boolean alive) {

    /** @param how registered, observed, paid, resource (a Storage bought before) or shared_blob (its funds) */
    @Schema(name = "Term")
    public record Term(
            @Schema(examples = "1066") long checkpoint,
            Digest tx,
            Instant timestamp,

            @Schema(description = "Exclusive.", examples = "6")
            long endEpoch,

            @Schema(enumeration = {"registered", "observed", "paid", "resource", "shared_blob"})
            String how) {}

    @Schema(name = "Ownership")
    public record Ownership(@Schema(examples = "1011") long checkpoint, Digest tx, Instant timestamp, Holder owner) {}

    /** @param attributes all of them after the change; null: removed altogether */
    @Schema(name = "Attributes")
    public record Attributes(
            @Schema(examples = "1028") long checkpoint,
            Digest tx,
            Instant timestamp,

            @Schema(description = "All of them after the change; null: removed altogether.") @Nullable
            Map<String, String> attributes) {}
}
