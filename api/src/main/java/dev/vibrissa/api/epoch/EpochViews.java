package dev.vibrissa.api.epoch;

import dev.vibrissa.api.answer.Occurrence;
import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How epochs are shown. */
final class EpochViews {
    private EpochViews() {}

    /**
     * A Walrus epoch.
     *
     * @param state chosen: its committee is selected, it has not begun; started: shards are moving; done
     * @param parametersSelected when committee and capacity were chosen
     * @param started EpochChangeStart; null where a history that begins in the middle knows the epoch by number only
     * @param done EpochChangeDone: enough nodes have their shards
     * @param storagePrice FROST per MiB and epoch, at the start
     * @param writePrice FROST per MiB, at the start
     * @param totalCapacity encoded bytes
     * @param usedCapacity encoded bytes reserved, at the start
     */
    @Schema(name = "Epoch")
    record EpochView(
            @Schema(examples = "2") long epoch,

            @Schema(
                    description = "chosen: its committee is selected; started: shards are moving; done.",
                    enumeration = {"chosen", "started", "done"})
            String state,

            @Nullable Occurrence parametersSelected,
            @Nullable Occurrence started,
            @Nullable Occurrence done,
            @Schema(examples = "1000") @Nullable Integer nShards,

            @Schema(description = "FROST per MiB and epoch, at the start.", examples = "11000") @Nullable
            String storagePrice,

            @Schema(description = "FROST per MiB, at the start.", examples = "20000") @Nullable
            String writePrice,

            @Schema(description = "Encoded bytes.", examples = "22857142857142857") @Nullable
            String totalCapacity,

            @Schema(description = "Encoded bytes reserved, at the start.", examples = "1540900000") @Nullable
            String usedCapacity) {}

    /** A hash over ascending keys. */
    @Schema(name = "Fingerprint")
    record FingerprintView(
            @Schema(description = "xxHash64 with the epoch as seed, 16 hex digits.", examples = "ef46db3751d8e999")
            String xxhash64,

            @Schema(
                    description = "The same as nodes show it in their metrics: signed, decimal.",
                    examples = "-1205034819632174695")
            String signed,

            @Schema(description = "Entries that were hashed.", examples = "0")
            long entries) {}

    @Schema(name = "FingerprintsAnswer")
    record FingerprintsAnswer(
            AsOf asOf,
            @Schema(examples = "2") long epoch,

            @Schema(description = "Blob ids: the nodes' blob_info_consistency_check.")
            FingerprintView blobs,

            @Schema(description = "Ids of Blob objects: per_object_blob_info_consistency_check.")
            FingerprintView objects,

            @Schema(
                    description =
                            "Ids of PooledBlob objects, each with its pool's: per_object_pooled_blob_info_consistency_check.")
            FingerprintView pooledObjects) {}

    @Schema(name = "EpochAnswer")
    record EpochAnswer(AsOf asOf, EpochView epoch) {}

    /**
     * Who stores what in an epoch.
     *
     * @param members in the order of the committee: their position is the bit in a signers bitmap
     * @param moves shards that changed hands since the epoch before; null if that committee is not known
     */
    @Schema(name = "Committee")
    record CommitteeView(
            AsOf asOf,
            @Schema(examples = "2") long epoch,

            @Schema(description = "Checkpoint of the epoch's start; null while only chosen.") @Nullable
            Long checkpoint,

            @Schema(examples = "1000") int totalWeight,
            List<Member> members,

            @Schema(description = "Shards that changed hands since the epoch before; null if that is not known.")
            @Nullable
            List<Move> moves)
            implements Table {
        @Override
        public List<Member> rows() {
            return members;
        }
    }

    /**
     * @param weight shards
     * @param publicKey BLS12-381, 96 bytes uncompressed in hex; null until the epoch begins
     * @param name as the node called itself at the checkpoint of the answer
     */
    @Schema(name = "CommitteeMember")
    record Member(
            @Schema(examples = "0") int position,
            SuiAddress nodeId,

            @Schema(description = "What the node called itself then.", examples = "node-2") @Nullable
            String name,

            @Schema(description = "Shards.", examples = "273")
            int weight,

            @Schema(examples = "0-39,985") String shards,

            @Schema(description = "BLS12-381, 96 bytes uncompressed in hex; null until the epoch begins.") @Nullable
            String publicKey) {}

    @Schema(name = "ShardMove")
    record Move(
            SuiAddress from,
            SuiAddress to,
            @Schema(examples = "4") int count,
            @Schema(examples = "802-805") String shards) {}

    /**
     * How the shards of an epoch came to their nodes.
     *
     * @param silent members that never reported
     */
    @Schema(name = "EpochSync")
    record SyncView(
            AsOf asOf,
            @Schema(examples = "2") long epoch,
            @Nullable Occurrence started,
            @Nullable Occurrence done,
            List<Report> reports,

            @Schema(description = "Members that have not reported.")
            List<SuiAddress> silent)
            implements Table {
        @Override
        public List<Report> rows() {
            return reports;
        }
    }

    /**
     * A node reported its shards ready.
     *
     * @param delayMillis after EpochChangeStart, by checkpoint times
     * @param completedQuorum this report made the epoch done
     */
    @Schema(name = "ShardsReport")
    record Report(
            @Schema(examples = "1009") long checkpoint,
            dev.vibrissa.protocol.sui.Digest tx,
            Instant timestamp,

            @Schema(description = "Null where the capability that tells it was not seen.") @Nullable
            SuiAddress nodeId,

            @Schema(description = "How many shards.", examples = "273")
            int shards,

            @Schema(description = "After EpochChangeStart, by checkpoint times.", examples = "30250") @Nullable
            Long delayMillis,

            boolean completedQuorum) {}
}
