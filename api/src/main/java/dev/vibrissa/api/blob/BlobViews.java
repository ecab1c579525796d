package dev.vibrissa.api.blob;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.vibrissa.api.answer.Occurrence;
import dev.vibrissa.api.event.EventView;
import dev.vibrissa.api.object.BlobObject;
import dev.vibrissa.api.object.Holder;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How blobs are shown. */
final class BlobViews {
    private BlobViews() {}

    /**
     * What became of a blob id.
     *
     * @param state our word
     * @param nodeStatus a storage node's word: the data of its {@code /v1/blobs/{id}/status}
     * @param why where a node says nonexistent: expired, deleted or never
     * @param registeredUntilEpochExclusive greatest end epoch of the objects alive
     * @param certifiedUntilEpochExclusive greatest end epoch of the certified objects alive
     * @param initialCertifiedEpoch since when some object has been certified without interruption
     * @param size unencoded bytes
     */
    @Schema(name = "Blob")
    record BlobView(
            AsOf asOf,
            BlobId blobId,

            @Schema(
                    description = "The same id as the decimal u256 of block explorers.",
                    examples = "46896205811297452297264231464428617284270562837105563519613404411413866679855")
            String blobIdDecimal,

            @Schema(
                    enumeration = {"registered", "certified", "expired", "deleted", "burned", "invalid", "neverSeen"},
                    examples = "certified")
            String state,

            boolean denyListed,

            @Schema(
                    anyOf = {String.class, Map.class},
                    description = "The data of a storage node's /v1/blobs/{id}/status: 'nonexistent', or an object"
                            + " with one of permanent, deletable, invalid.",
                    examples = """
                            {"permanent":{"endEpoch":6,"isCertified":true,"statusEvent":{"txDigest":\
                            "68257x3ruQc2Uu48cKvdrvRsVAFiwZB7SWHH9dTuejzo","eventSeq":"0"},"deletableCounts":\
                            {"count_deletable_total":0,"count_deletable_certified":0},"initialCertifiedEpoch":1}}""")
            Object nodeStatus,

            @Schema(
                    description = "Where a node says nonexistent.",
                    enumeration = {"expired", "deleted", "never"})
            @Nullable
            String why,

            @Schema(description = "Greatest end epoch of the objects alive.", examples = "6") @Nullable
            Long registeredUntilEpochExclusive,

            @Schema(description = "Greatest end epoch of the certified objects alive.", examples = "6") @Nullable
            Long certifiedUntilEpochExclusive,

            @Schema(description = "Since when some object is certified without interruption.", examples = "1") @Nullable
            Long initialCertifiedEpoch,

            @Schema(description = "Unencoded bytes.", examples = "1000000") @Nullable
            String size,

            @Schema(description = "Encoded bytes.", examples = "70038000") @Nullable
            String encodedSize,

            @Schema(examples = "1") @Nullable Integer encodingType,
            @Nullable Quilt quilt,
            @Schema(description = "It holds Walrus events.") boolean eventBlob,
            Objects objects,
            @Nullable Occurrence firstSeen,
            Map<String, String> links) {}

    /** Evidence that a blob is a quilt of many small ones: an attribute that its owner set. */
    @Schema(name = "Quilt", description = "The blob is a quilt, by an attribute that its owner set.")
    record Quilt(
            SuiAddress objectId,
            @Schema(examples = "_walrusBlobType") String attribute,
            @Schema(examples = "quilt") String value) {}

    /** @param first the first few by object id; the link gives all */
    @Schema(name = "BlobObjects")
    record Objects(
            @Schema(examples = "3") long count,
            @Schema(examples = "2") long alive,
            List<BlobObject> first,

            @Schema(examples = "/v1/blobs/L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc/objects")
            String link) {}

    /**
     * A blob id in a list.
     *
     * @param registeredUntilEpochExclusive greatest end epoch of its objects not deleted, past ones too; 0 if none
     */
    @Schema(name = "BlobItem")
    record BlobItem(
            BlobId blobId,

            @Schema(
                    enumeration = {"registered", "certified", "expired", "deleted", "burned", "invalid", "neverSeen"},
                    examples = "certified")
            String state,

            boolean denyListed,

            @Schema(description = "Unencoded bytes.", examples = "1000000") @Nullable
            String size,

            @Schema(examples = "1") @Nullable Integer encodingType,
            @Schema(examples = "1") int objects,
            boolean deletable,
            boolean permanent,
            boolean quilt,

            @Schema(description = "Greatest end epoch of objects not deleted, past ones too.", examples = "6")
            long registeredUntilEpochExclusive,

            @Schema(description = "The same of certified objects.", examples = "6")
            long certifiedUntilEpochExclusive,

            @Schema(examples = "1011") long firstCheckpoint,
            Instant firstTimestamp,

            @Schema(description = "Changed last.", examples = "1066")
            long lastCheckpoint) {}

    /**
     * One thing that happened in the life of a blob.
     *
     * @param kind event, of the blob or of a pool it lies in; owner; attributes; expired: an epoch began and the last
     *     object was gone
     * @param how of an extension: paid, resource or shared_blob
     */
    @Schema(name = "HistoryEntry")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record HistoryEntry(
            @Schema(examples = "1012") long checkpoint,
            Instant timestamp,
            Digest tx,
            @Schema(examples = "0") int txIndex,

            @Schema(description = "Among the entries of the transaction.", examples = "0")
            int position,

            @Nullable SuiAddress sender,

            @Schema(description = "module::function of the transaction's calls into Walrus.")
            List<String> calls,

            @Schema(enumeration = {"event", "owner", "attributes", "expired"})
            String kind,

            @Nullable SuiAddress objectId,
            @Nullable EventView event,

            @Schema(
                    description = "Of an extension.",
                    enumeration = {"paid", "resource", "shared_blob"})
            @Nullable
            String how,

            @Nullable Holder owner,

            @Schema(description = "All of them after the change; empty if removed.") @Nullable
            Map<String, String> attributes,

            @Schema(description = "Of expired: the epoch that began.", examples = "6") @Nullable
            Long epoch) {}
}
