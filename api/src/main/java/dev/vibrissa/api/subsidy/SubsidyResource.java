package dev.vibrissa.api.subsidy;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.quote.Quoted;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
public class SubsidyResource {
    private final Answers answers;
    private final Quotes quotes;

    SubsidyResource(Answers answers, Quotes quotes) {
        this.answers = answers;
        this.quotes = quotes;
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
            Processed processed,

            @Nullable Quoted quoted) {}

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
                        states(db, moment, page),
                        item -> List.of(Long.toString(item.checkpoint()), Integer.toString(item.txIndex()))));
    }

    private record Place(long checkpoint, int txIndex) {
        static Place of(Row row) throws SQLException {
            return new Place(row.number("checkpoint"), row.integer("tx_index"));
        }
    }

    private List<State> states(Snapshot db, Moment moment, PageRequest page) {
        var places = db.list(
                """
                select checkpoint, tx_index from subsidy_state
                where checkpoint <= ? and (checkpoint, tx_index) > (?, ?)
                order by checkpoint, tx_index
                limit ?
                """, Place::of, moment.checkpoint(), page.afterNumber(0, -1), page.afterNumber(1, -1), page.fetch());
        if (places.isEmpty()) {
            return List.of();
        }
        var first = places.getFirst();
        var last = places.getLast();
        var usage = parts(
                db,
                """
                select checkpoint, tx_index, first_epoch, end_epoch, per_epoch from payment
                where source = 'subsidy' and what = 'usage_subsidy'
                  and (checkpoint, tx_index) >= (?, ?) and (checkpoint, tx_index) <= (?, ?)
                order by checkpoint, tx_index, ordinal
                """,
                row -> new Usage(row.number("first_epoch"), row.number("end_epoch"), row.amount("per_epoch")),
                first,
                last);
        var fixed = parts(db, """
                select checkpoint, tx_index, node_id, amount from subsidy_fixed
                where (checkpoint, tx_index) >= (?, ?) and (checkpoint, tx_index) <= (?, ?)
                order by checkpoint, tx_index, node_id
                """, row -> new Fixed(row.address("node_id"), row.amount("amount")), first, last);
        return db.list(
                """
                select s.*, c.checkpoint_at
                from subsidy_state s join checkpoint c on c.sequence_number = s.checkpoint
                where (s.checkpoint, s.tx_index) >= (?, ?) and (s.checkpoint, s.tx_index) <= (?, ?)
                order by s.checkpoint, s.tx_index
                """,
                row -> state(row, usage, fixed),
                first.checkpoint(),
                first.txIndex(),
                last.checkpoint(),
                last.txIndex());
    }

    private static <T> Map<Place, List<T>> parts(
            Snapshot db, String sql, Snapshot.RowReader<T> reader, Place first, Place last) {
        var parts = new HashMap<Place, List<T>>();
        db.list(
                sql,
                row -> parts.computeIfAbsent(Place.of(row), _ -> new ArrayList<>())
                        .add(reader.read(row)),
                first.checkpoint(),
                first.txIndex(),
                last.checkpoint(),
                last.txIndex());
        return parts;
    }

    private State state(Row row, Map<Place, List<Usage>> usage, Map<Place, List<Fixed>> fixed) throws SQLException {
        var at = row.instant("checkpoint_at");
        var place = Place.of(row);
        var amounts = new TreeMap<String, String>();
        for (String field : List.of("base", "pool", "funded")) {
            amounts.put(field, row.amount(field));
        }
        amounts.put("perShard", row.amount("per_shard"));
        amounts.put("usageTotal", row.amount("usage"));
        return new State(
                place.checkpoint(),
                at,
                row.digest("tx_digest"),
                place.txIndex(),
                row.number("rate"),
                row.amount("base"),
                row.amount("per_shard"),
                row.amount("pool"),
                row.texts("changed"),
                row.amount("funded"),
                row.bool("processed")
                        ? new Processed(
                                row.amount("usage"),
                                usage.getOrDefault(place, List.of()),
                                row.numberOrNull("fixed_for_epoch"),
                                row.numberOrNull("fixed_for_epoch") == null ? null : row.bool("fixed_is_locked"),
                                fixed.getOrDefault(place, List.of()))
                        : null,
                quotes.at(at, amounts));
    }
}
