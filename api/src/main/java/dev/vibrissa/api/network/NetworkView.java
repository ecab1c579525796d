package dev.vibrissa.api.network;

import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The chain and how far it is read.
 *
 * @param chainId digest of the first checkpoint; null while unknown
 * @param chainEvidence how we know the chain: by certificate, as reported by a server, or only as asserted
 * @param howToVerify what to do where nothing vouches for the chain yet
 */
record NetworkView(
        AsOf asOf,
        @Schema(examples = "mainnet") String network,
        @Nullable String label,

        @Schema(description = "Digest of checkpoint 0; null while unknown.") @Nullable
        Digest chainId,

        @Schema(
                description = "How we know the chain.",
                enumeration = {"certificate", "reported", "asserted"})
        String chainEvidence,

        @Schema(description = "Null until an epoch change tells.", examples = "1000") @Nullable
        Integer nShards,

        Checkpoints checkpoints,
        Transactions transactions,
        @Schema(description = "Known events by Move name.") Map<String, Long> eventCounts,

        @Schema(description = "Events of Walrus whose name or layout we do not know, kept as bytes.")
        Map<String, Long> unknownEventCounts,

        @Schema(description = "Parts of transactions that no decoder understands: see /v1/quarantine.")
        long quarantined,

        @Schema(description = "Package versions that events and objects of Walrus may be defined in.")
        List<PackageVersion> packages,

        @Schema(description = "Sui committees certificates can be checked with.")
        List<TrustedCommittee> committees,

        @Schema(description = "What no committee vouches for; null if nothing.") @Nullable
        Unverified unverified,

        @Schema(description = "What to do where nothing vouches for the chain yet.") @Nullable
        String howToVerify,

        @Schema(description = "Which ranges are complete, and what is being filled in.")
        History history) {

    /** The gap-free range of checkpoints whose facts are stored. */
    record Checkpoints(
            @Schema(examples = "1000") long first,
            @Schema(examples = "1143") long last,
            @Schema(examples = "144") long count,
            Digest lastDigest,
            Instant firstTimestamp,
            Instant lastTimestamp,
            @Schema(examples = "500") long firstSuiEpoch,
            @Schema(examples = "507") long lastSuiEpoch,

            @Schema(description = "The first transaction of Walrus; null if it lies before the range.") @Nullable
            Long completeFrom) {}

    /**
     * Which ranges are complete.
     *
     * @param complete the first transaction of Walrus is part of what answers rest on, and nothing is missing since
     * @param answeredFrom from here on every projection was folded; facts filled in behind show once they all are
     * @param startedFrom how the first checkpoint was arrived at: what was before it is unknown, or as somebody reported
     * @param verification the stored facts in ranges of equal verification, in order
     * @param backfill null if no history was ever asked for
     */
    record History(
            boolean complete,

            @Schema(
                    description = "From here on answers speak; facts filled in behind show once all are folded.",
                    examples = "1000")
            long answeredFrom,

            @Schema(
                    description =
                            "genesis: the first transaction of Walrus is stored. checkpoint: what was before the first "
                                    + "checkpoint is unknown. snapshot: before it the state of Walrus was as a server reported it; "
                                    + "nothing vouches for that.",
                    enumeration = {"genesis", "checkpoint", "snapshot"})
            String startedFrom,

            @Schema(description = "What each projection was folded over.")
            List<ProjectionRange> projections,

            @Schema(description = "How the stored checkpoints were verified.")
            List<VerifiedRange> verification,

            @Schema(description = "History that is filled in behind; null if none was asked for.") @Nullable
            Backfill backfill) {}

    record ProjectionRange(
            @Schema(examples = "blob") String name,
            @Schema(examples = "1000") long firstCheckpoint,
            @Schema(examples = "1143") long lastCheckpoint) {}

    record VerifiedRange(
            @Schema(examples = "1000") long firstCheckpoint,
            @Schema(examples = "1143") long lastCheckpoint,

            @Schema(enumeration = {"certificate", "hash-chain", "unverified"})
            String verified) {}

    /**
     * @param goal first checkpoint that is wanted
     * @param reached first checkpoint that is stored
     * @param remaining checkpoints between the two
     * @param foldedTo while folding: the checkpoint that the projections have reached
     */
    record Backfill(
            @Schema(
                    description =
                            "filling: earlier checkpoints are read. readingAgain: facts that turned out to depend on "
                                    + "them. folding: projections, over everything. sourceEnded: the source has nothing earlier.",
                    enumeration = {"filling", "readingAgain", "folding", "sourceEnded", "done"})
            String state,

            @Schema(examples = "1000") long goal,
            @Schema(examples = "1000") long reached,
            @Schema(examples = "0") long remaining,
            @Nullable Long foldedTo,
            Instant updatedAt) {}

    /** All transactions of the range, of Walrus or not. */
    record Transactions(
            @Schema(examples = "147") long total,
            @Schema(examples = "3") long failed) {}

    /** @param learnedAt checkpoint of the ContractUpgraded event; null: configured */
    record PackageVersion(
            SuiAddress packageId,
            @Schema(examples = "3") long version,
            @Nullable Long learnedAt) {}

    record TrustedCommittee(
            @Schema(examples = "500") long suiEpoch,
            @Schema(enumeration = {"anchor", "hand-over"}) String trust) {}

    record Unverified(long firstCheckpoint, long lastCheckpoint) {}

    /** Bytes that no decoder of ours understands. */
    record Quarantined(
            @Schema(examples = "1012") long checkpoint,
            @Schema(examples = "0") int txIndex,

            @Schema(enumeration = {"transaction", "effects", "events", "event", "object", "call"})
            String part,

            @Schema(description = "Event ordinal, object id and version, or empty.")
            String reference,

            String type,
            String reason,
            @Schema(description = "Length of what is kept.") int bytes) {}
}
