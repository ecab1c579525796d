package dev.vibrissa.api.governance;

import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is in force, and what the committee votes for.
 *
 * @param capacity by votes: what the running committee would choose; the next one decides, half an epoch ahead
 */
@Schema(name = "Parameters")
record ParametersView(
        AsOf asOf,
        @Schema(examples = "1000") int nShards,

        @Schema(description = "Shards that carry a decision.", examples = "667")
        int quorumWeight,

        @Schema(description = "Shards among which one is honest.", examples = "334")
        int oneHonestWeight,

        @Schema(
                description =
                        "FROST per MiB of encoded size and epoch. By votes: of the running committee, as contract version"
                                + " 3 and later count; versions 1 and 2 counted those of the next one when voting ended.")
        Parameter storagePrice,

        @Schema(description = "FROST per MiB of encoded size, once.")
        Parameter writePrice,

        @Schema(
                description = "Encoded bytes. By votes: what the running committee would choose; the next one decides,"
                        + " half an epoch ahead.")
        Parameter capacity,

        @Schema(description = "Encoded bytes reserved in the running epoch.", examples = "1540900000") @Nullable
        String usedCapacity,

        @Schema(description = "When voting and the epoch can end; null where Staking was not seen.") @Nullable
        EpochClock clock,

        List<ParameterVote> votes,

        @Schema(description = "The latest version of the nodes' protocol.") @Nullable
        ProtocolVersion protocol,

        @Nullable ContractView contract)
        implements Table {
    @Override
    public List<ParameterVote> rows() {
        return votes;
    }

    /**
     * A number that the committee decides.
     *
     * @param inForce since {@code checkpoint}; null where it was not seen
     * @param byVotes what the votes of the running committee come to; null without a committee
     */
    @Schema(name = "Parameter")
    record Parameter(
            @Schema(description = "Null where it was not seen.", examples = "11000") @Nullable
            String inForce,

            @Schema(
                    description =
                            "What the votes of the running committee come to; null where not all of them are known.",
                    examples = "11000")
            @Nullable
            String byVotes) {}

    /**
     * What a member of the running committee votes for, as its pool says.
     *
     * @param networkCapacity what its capacity says about the whole network: capacity · shards / weight
     * @param storagePriceDistance vote less the price in force
     * @param checkpoint of the version of the pool that says so
     */
    @Schema(name = "ParameterVote")
    record ParameterVote(
            SuiAddress nodeId,
            @Nullable String name,

            @Schema(description = "Shards.", examples = "286")
            int weight,

            @Schema(description = "FROST.", examples = "11000")
            String storagePrice,

            @Schema(description = "FROST.", examples = "20000")
            String writePrice,

            @Schema(description = "Bytes of this node.", examples = "1000000000000")
            String nodeCapacity,

            @Schema(description = "What that says about the whole network: capacity · shards / weight.")
            String networkCapacity,

            @Schema(description = "Vote less the price in force, in FROST.", examples = "-1000") @Nullable
            String storagePriceDistance,

            @Schema(description = "Vote less the price in force, in FROST.", examples = "0") @Nullable
            String writePriceDistance,

            @Schema(description = "What its capacity says less the capacity in force, in bytes.", examples = "0")
            @Nullable
            String networkCapacityDistance,

            @Schema(description = "Of its own rewards, in basis points.", examples = "500")
            int commissionRate,

            @Schema(description = "Rates that it announced and that are not in force, or no longer will be.")
            List<ScheduledCommission> scheduledCommission,

            @Schema(description = "Of the version of the pool that says so.", examples = "4046")
            long checkpoint,

            @Nullable Digest tx) {}

    /** A commission that is to come. */
    @Schema(name = "ScheduledCommission")
    record ScheduledCommission(
            @Schema(examples = "7") long epoch,

            @Schema(description = "Basis points.", examples = "1000")
            int rate) {}

    /** @param startEpoch nodes follow it from this Walrus epoch on */
    @Schema(name = "ProtocolVersion")
    record ProtocolVersion(
            @Schema(examples = "2") String version,

            @Schema(description = "Nodes follow it from this Walrus epoch on.", examples = "3")
            long startEpoch,

            Step step) {}
}
