package dev.vibrissa.api.time;

import dev.vibrissa.protocol.sui.Digest;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What an answer rests on.
 *
 * @param checkpoint state after all transactions of this Sui checkpoint
 * @param epoch Walrus epoch then; null while none is known
 * @param lagMillis age of the checkpoint now; null for an answer about the past
 * @param source kind of source the checkpoint was read from
 * @param verified unverified if anything up to here is; else how this checkpoint was checked
 * @param history complete if the range begins before the first transaction of Walrus
 * @param firstCheckpoint from here on every checkpoint was read and folded
 * @param label said of chains that are not public networks
 */
@Schema(description = "What the answer rests on: the state after all transactions of this checkpoint.")
public record AsOf(
        @Schema(examples = "1143") long checkpoint,
        Digest digest,

        @Schema(description = "Walrus epoch at that point; null while none is known.", examples = "7") @Nullable
        Long epoch,

        @Schema(examples = "2026-08-25T00:00:00.250Z") Instant timestamp,

        @Schema(description = "Age of the checkpoint in milliseconds; null for an answer about the past.") @Nullable
        Long lagMillis,

        @Schema(
                description = "Kind of source the checkpoint was read from.",
                enumeration = {"directory", "store", "grpc", "event-blob"})
        String source,

        @Schema(
                description = "Unverified if anything up to here is; else how this checkpoint was checked.",
                enumeration = {"certificate", "hash-chain", "unverified"})
        String verified,

        @Schema(
                description = "Partial: the range begins after the first transaction of Walrus.",
                enumeration = {"complete", "partial"})
        String history,

        @Schema(description = "From here on every checkpoint was read and folded.", examples = "1000")
        long firstCheckpoint,

        @Schema(examples = "mainnet") String network,

        @Schema(description = "Said of chains that are no public network.", examples = "synthetic chain") @Nullable
        String label) {}
