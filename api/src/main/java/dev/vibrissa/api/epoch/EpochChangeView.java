package dev.vibrissa.api.epoch;

import dev.vibrissa.api.answer.Occurrence;
import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.quote.Quoted;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What became of the account of the epoch before when an epoch began.
 *
 * @param epoch that began
 */
@Schema(name = "EpochChange")
record EpochChangeView(
        AsOf asOf,
        @Schema(examples = "2") long epoch,
        Occurrence changed,
        @Schema(examples = "0") int txIndex,

        @Schema(description = "FROST in the account of the epoch that ended.", examples = "21474004")
        String pot,

        @Schema(description = "FROST.", examples = "644220") String burn,

        @Schema(description = "FROST to nodes and their stakers.", examples = "20829781")
        String distributed,

        @Schema(description = "FROST that the division left for the new epoch.", examples = "3")
        String leftover,

        @Schema(description = "FROST that does not add up.", examples = "0")
        String residual,

        @Schema(description = "Encoded bytes reserved in the epoch that ended.")
        String usedCapacityOfEndedEpoch,

        @Schema(description = "Encoded bytes.") String totalCapacity,

        @Schema(description = "Encoded bytes reserved in the new epoch.")
        String usedCapacity,

        @Schema(description = "In the order of the committee that ended.")
        List<NodeReward> rewards,

        @Nullable Quoted quoted)
        implements Table {
    @Override
    public List<NodeReward> rows() {
        return rewards;
    }

    /** The reward of one node. */
    @Schema(name = "NodeReward")
    record NodeReward(
            SuiAddress nodeId,
            @Schema(examples = "152") int shards,

            @Schema(description = "FROST, commission and stakers together.", examples = "208682541")
            String reward,

            @Schema(description = "FROST.", examples = "10434127")
            String commission,

            @Schema(description = "FROST.", examples = "198248414")
            String toStakers) {}

    static Optional<EpochChangeView> find(Snapshot db, Moment moment, long epoch, Quotes quotes) {
        return db.first(
                """
                select e.*, e.pot - e.burn - e.distributed - e.leftover as residual, t.sender
                from epoch_change e left join transaction t on t.digest = e.tx_digest
                where e.to_epoch = ? and e.checkpoint <= ?
                """,
                row -> new EpochChangeView(
                        moment.asOf(),
                        epoch,
                        new Occurrence(
                                row.number("checkpoint"),
                                row.digest("tx_digest"),
                                row.addressOrNull("sender"),
                                row.instant("changed_at")),
                        row.integer("tx_index"),
                        row.amount("pot"),
                        row.amount("burn"),
                        row.amount("distributed"),
                        row.amount("leftover"),
                        row.amount("residual"),
                        row.amount("used_capacity_of_ended"),
                        row.amount("total_capacity"),
                        row.amount("used_capacity"),
                        db.list(
                                """
                                select *, commission + to_stakers as reward from node_reward
                                where to_epoch = ? order by position
                                """,
                                each -> new NodeReward(
                                        each.address("node_id"),
                                        each.integer("shards"),
                                        each.amount("reward"),
                                        each.amount("commission"),
                                        each.amount("to_stakers")),
                                epoch),
                        quotes.at(
                                row.instant("changed_at"),
                                Map.of(
                                        "pot", row.amount("pot"),
                                        "burn", row.amount("burn"),
                                        "distributed", row.amount("distributed"),
                                        "leftover", row.amount("leftover")))),
                epoch,
                moment.checkpoint());
    }
}
