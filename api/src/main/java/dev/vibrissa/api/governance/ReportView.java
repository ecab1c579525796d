package dev.vibrissa.api.governance;

import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What was decided in a range of epochs, and who took part. As CSV: the timeline.
 *
 * @param from the first epoch
 * @param to the last epoch, included
 */
@Schema(name = "GovernanceReport")
public record ReportView(
        AsOf asOf,

        @Schema(description = "First Walrus epoch.", examples = "1")
        long from,

        @Schema(description = "Last Walrus epoch, included.", examples = "3")
        long to,

        List<Epoch> epochs,

        @Schema(
                description =
                        "Rounds of votes on upgrades, and upgrades without, of which something happened in the range.")
        List<UpgradeView> upgrades,

        @Schema(description = "Rounds of votes on slashing of which something happened in the range.")
        List<SlashingView> slashing,

        List<Operator> operators,
        List<Entry> timeline)
        implements Table {

    @Override
    public List<Entry> rows() {
        return timeline;
    }

    /**
     * An epoch of the range.
     *
     * @param pot what was paid for it, as it stood when it ended; null while it runs
     */
    @Schema(name = "GovernanceEpoch")
    public record Epoch(
            @Schema(examples = "2") long epoch,

            @Schema(description = "Null where the start was not seen.", examples = "4036") @Nullable
            Long startCheckpoint,

            @Nullable Instant startedAt,
            @Schema(examples = "1000") @Nullable Integer nShards,
            @Schema(examples = "667") @Nullable Integer quorumWeight,
            @Schema(examples = "334") @Nullable Integer oneHonestWeight,

            @Schema(description = "Nodes of the committee.", examples = "7")
            int members,

            @Schema(description = "Fewest nodes without which there is no quorum.", examples = "2") @Nullable
            Integer nakamotoOneHonest,

            @Schema(description = "Fewest nodes that are a quorum.", examples = "3") @Nullable
            Integer nakamotoQuorum,

            @Schema(description = "FROST per MiB and epoch, at the start.", examples = "11000") @Nullable
            String storagePrice,

            @Schema(description = "FROST per MiB, at the start.", examples = "20000") @Nullable
            String writePrice,

            @Schema(description = "Encoded bytes.", examples = "4000000000000") @Nullable
            String totalCapacity,

            @Schema(description = "Encoded bytes reserved at the start.", examples = "1540900000") @Nullable
            String usedCapacity,

            @Schema(description = "FROST paid for the epoch; null while it runs.", examples = "1474000") @Nullable
            String pot,

            @Schema(description = "FROST of it burned.", examples = "44220") @Nullable
            String burned,

            @Schema(description = "FROST of it given to operators and their delegators.", examples = "1429777")
            @Nullable
            String distributed) {}

    /**
     * Something that was decided or done for a decision.
     *
     * @param subject package digest or id in hex, or node id
     * @param value target version, FROST, bytes; what it is depends on {@code what}
     */
    @Schema(name = "GovernanceEntry")
    public record Entry(
            @Schema(examples = "4018") long checkpoint,
            @Schema(examples = "0") int txIndex,
            @Nullable Digest tx,
            Instant timestamp,

            @Schema(
                    enumeration = {
                        "epoch started",
                        "upgrade proposed",
                        "upgrade vote",
                        "upgrade authorized",
                        "upgrade cleaned-up",
                        "upgrade restarted",
                        "package committed",
                        "contract migrated",
                        "slashing proposed",
                        "slashing vote",
                        "slashing executed",
                        "slashing cleaned-up",
                        "slashing restarted",
                        "prices",
                        "deny list",
                        "protocol version",
                        "storage price vote",
                        "write price vote",
                        "capacity vote",
                        "commission announced"
                    })
            String what,

            @Schema(description = "Package digest or id, or the node it is about, in hex.") @Nullable
            String subject,

            @Schema(description = "The node that did it.") @Nullable
            SuiAddress nodeId,

            @Nullable String name,

            @Schema(description = "Shards of the voter.", examples = "286") @Nullable
            Integer weight,

            @Schema(description = "Of the votes of the round after the transaction.", examples = "542") @Nullable
            Integer totalWeight,

            @Schema(
                    description =
                            "Version; FROST burned or voted for; bytes on the list or voted for; storage and write price in"
                                    + " FROST; commission before and then in basis points, and from which epoch; or epoch.",
                    examples = "4")
            @Nullable
            String value) {}

    /**
     * How a node took part, in the epochs of the range in which it was a member of the committee.
     *
     * @param meanSyncDelayMillis from the start of an epoch to the node's report of its shards
     */
    @Schema(name = "GovernanceOperator")
    public record Operator(
            SuiAddress nodeId,
            @Nullable String name,

            @Schema(description = "Epochs in the committee.", examples = "3")
            int epochs,

            @Schema(description = "Shards in the last of them.", examples = "286")
            int weight,

            @Schema(examples = "2") int upgradeVotesCast,

            @Schema(description = "Rounds of its epochs that are over without its vote.", examples = "1")
            int upgradeVotesMissed,

            @Schema(description = "Rounds in which it can still vote.", examples = "0")
            int upgradeVotesOpen,

            @Schema(examples = "1") int slashingVotesCast,

            @Schema(
                    description = "Rounds of its epochs that are over without its vote, those against itself left out.",
                    examples = "2")
            int slashingVotesMissed,

            @Schema(description = "Rounds in which it can still vote.", examples = "0")
            int slashingVotesOpen,

            @Schema(description = "Certificates with its signature.", examples = "9")
            int certificatesSigned,

            @Schema(description = "Certificates of its epochs.", examples = "10")
            int certificates,

            @Schema(description = "Epochs in which it reported its shards.", examples = "3")
            int syncReported,

            @Schema(description = "From the start of an epoch to its report.", examples = "120500") @Nullable
            Long meanSyncDelayMillis,

            @Schema(description = "Its vote at the end of the range, in FROST.", examples = "11000") @Nullable
            String storagePriceVote,

            @Schema(description = "Less the price in force then.", examples = "0") @Nullable
            String storagePriceDistance,

            @Schema(description = "Its vote at the end of the range, in FROST.", examples = "20000") @Nullable
            String writePriceVote,

            @Schema(description = "Less the price in force then.", examples = "0") @Nullable
            String writePriceDistance,

            @Schema(description = "Its vote at the end of the range, in bytes.", examples = "1000000000000") @Nullable
            String nodeCapacityVote,

            @Schema(description = "Basis points, at the end of the range.", examples = "500") @Nullable
            Integer commissionRate,

            @Schema(description = "Encoded bytes that it refused to serve, at the end of the range.", examples = "0")
            @Nullable
            String denyListSize) {}
}
