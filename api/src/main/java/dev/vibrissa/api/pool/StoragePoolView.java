package dev.vibrissa.api.pool;

import dev.vibrissa.api.answer.Occurrence;
import dev.vibrissa.api.object.Holder;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A storage pool with its life up to the checkpoint asked for.
 *
 * @param origin observed: older than our history and taken in as it was found
 * @param endEpoch exclusive
 */
@Schema(name = "StoragePool")
record StoragePoolView(
        AsOf asOf,
        SuiAddress storagePoolId,
        @Schema(enumeration = {"created", "observed"}) String origin,
        @Nullable Occurrence created,
        @Schema(examples = "1") long startEpoch,
        @Schema(description = "Exclusive.", examples = "7") long endEpoch,

        @Schema(description = "Neither destroyed nor expired.")
        boolean alive,

        @Nullable Capacity capacity,
        Holder owner,
        List<PoolTerm> endEpochHistory,
        List<Capacity> capacityHistory,
        List<PoolOwnership> ownerHistory,
        @Nullable Occurrence destroyed) {

    @Schema(name = "PoolTerm")
    record PoolTerm(
            @Schema(examples = "1046") long checkpoint,
            Instant timestamp,

            @Schema(description = "Exclusive.", examples = "5")
            long endEpoch) {}

    /**
     * @param reserved encoded bytes
     * @param used encoded bytes
     */
    @Schema(name = "PoolCapacity")
    record Capacity(
            @Schema(examples = "1047") long checkpoint,
            Digest tx,
            Instant timestamp,

            @Schema(description = "Encoded bytes.", examples = "900000000")
            String reserved,

            @Schema(description = "Encoded bytes.", examples = "88056000")
            String used,

            @Schema(examples = "1") long blobCount) {}

    @Schema(name = "PoolOwnership")
    record PoolOwnership(@Schema(examples = "1046") long checkpoint, Digest tx, Instant timestamp, Holder owner) {}
}
