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

        List<Entry> timeline,
        List<Operator> operators)
        implements Table {

    @Override
    public List<Entry> rows() {
        return timeline;
    }

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
                        "protocol version"
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
                            "Version, FROST burned, bytes on the list, storage and write price in FROST, or epoch.",
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

            @Schema(description = "Rounds of its epochs without its vote.", examples = "1")
            int upgradeVotesMissed,

            @Schema(examples = "1") int slashingVotesCast,

            @Schema(
                    description = "Rounds of its epochs without its vote, those against itself left out.",
                    examples = "2")
            int slashingVotesMissed,

            @Schema(description = "Certificates with its signature.", examples = "9")
            int certificatesSigned,

            @Schema(description = "Certificates of its epochs.", examples = "10")
            int certificates,

            @Schema(description = "Epochs in which it reported its shards.", examples = "3")
            int syncReported,

            @Schema(description = "From the start of an epoch to its report.", examples = "120500") @Nullable
            Long meanSyncDelayMillis) {}
}
