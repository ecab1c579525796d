package dev.vibrissa.api.subsidy;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/subsidies")
@Tag(name = "money")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class SubsidyResource {
    private final Answers answers;

    SubsidyResource(Answers answers) {
        this.answers = answers;
    }

    /** The contract as a transaction left it. */
    @Schema(name = "SubsidyState")
    record State(
            @Schema(examples = "2002") long checkpoint,
            Instant timestamp,
            Digest tx,
            @Schema(examples = "0") int txIndex,

            @Schema(description = "Basis points of what users paid.", examples = "150000")
            long rate,

            @Schema(description = "FROST per node and epoch.", examples = "0")
            String base,

            @Schema(description = "FROST per shard and epoch.", examples = "0")
            String perShard,

            @Schema(description = "FROST left.", examples = "500000000000000")
            String pool,

            @Schema(description = "Which of rate, base and perShard the transaction set.")
            List<String> changed,

            @Schema(description = "FROST put in.", examples = "0")
            String funded,

            @Schema(description = "Null unless subsidies were paid out.") @Nullable
            Processed processed) {}

    /** A payout. */
    @Schema(name = "SubsidyPayout")
    record Processed(
            @Schema(description = "FROST into the accounts of epochs.", examples = "0")
            String usageTotal,

            List<Usage> usage,

            @Schema(description = "Epoch whose committee got the fixed part; null if it was not paid.") @Nullable
            Long fixedForEpoch,

            @Schema(description = "Whether the fixed part cannot be collected before the end of voting.") @Nullable
            Boolean fixedIsLocked,

            List<Fixed> fixed) {}

    /** The usage part of neighbouring epochs. */
    @Schema(name = "UsageSubsidy")
    record Usage(
            @Schema(examples = "1") long firstEpoch,

            @Schema(description = "Exclusive.", examples = "2")
            long endEpoch,

            @Schema(description = "FROST for each.", examples = "275679000")
            String perEpoch) {}

    /** The fixed part of a node, into its commission. */
    @Schema(name = "FixedSubsidy")
    record Fixed(
            SuiAddress nodeId,

            @Schema(description = "FROST.", examples = "65200000")
            String amount) {}

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "subsidies",
            summary = "The subsidies contract, change by change: settings, funds, payouts")
    public RestResponse<Page<State>> list(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 2);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        db.list(
                                """
                                select s.*, c.checkpoint_at
                                from subsidy_state s join checkpoint c on c.sequence_number = s.checkpoint
                                where s.checkpoint <= ? and (s.checkpoint, s.tx_index) > (?, ?)
                                order by s.checkpoint, s.tx_index
                                limit ?
                                """,
                                row -> new State(
                                        row.number("checkpoint"),
                                        row.instant("checkpoint_at"),
                                        row.digest("tx_digest"),
                                        row.integer("tx_index"),
                                        row.number("rate"),
                                        row.amount("base"),
                                        row.amount("per_shard"),
                                        row.amount("pool"),
                                        row.texts("changed"),
                                        row.amount("funded"),
                                        row.bool("processed") ? processed(db, row) : null),
                                moment.checkpoint(),
                                page.afterNumber(0, -1),
                                page.afterNumber(1, -1),
                                page.fetch()),
                        item -> List.of(Long.toString(item.checkpoint()), Integer.toString(item.txIndex()))));
    }

    private static Processed processed(Snapshot db, Row row) throws SQLException {
        long checkpoint = row.number("checkpoint");
        int txIndex = row.integer("tx_index");
        return new Processed(
                row.amount("usage"),
                db.list(
                        """
                        select first_epoch, end_epoch, per_epoch from payment
                        where checkpoint = ? and tx_index = ? and what = 'usage_subsidy' order by ordinal
                        """,
                        each -> new Usage(
                                each.number("first_epoch"), each.number("end_epoch"), each.amount("per_epoch")),
                        checkpoint,
                        txIndex),
                row.numberOrNull("fixed_for_epoch"),
                row.numberOrNull("fixed_for_epoch") == null ? null : row.bool("fixed_is_locked"),
                db.list(
                        "select node_id, amount from subsidy_fixed where checkpoint = ? and tx_index = ? order by node_id",
                        each -> new Fixed(each.address("node_id"), each.amount("amount")),
                        checkpoint,
                        txIndex));
    }
}
