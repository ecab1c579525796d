package dev.vibrissa.api.supply;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.quote.Quoted;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/supply")
@Tag(name = "money")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class SupplyResource {
    private final Answers answers;
    private final Quotes quotes;

    SupplyResource(Answers answers, Quotes quotes) {
        this.answers = answers;
        this.quotes = quotes;
    }

    /** The supply and how it came about. */
    @Schema(name = "Supply")
    record SupplyView(
            AsOf asOf,

            @Schema(description = "FROST when first seen; null while unknown.", examples = "5000000000000000000")
            @Nullable
            String initial,

            @Schema(description = "FROST in existence; null while unknown.") @Nullable
            String current,

            @Schema(description = "FROST burnt in what was indexed.", examples = "0")
            String burnt,

            @Nullable Quoted quoted) {}

    /** One burn. */
    @Schema(name = "Burn")
    record Burn(
            @Schema(examples = "1006") long checkpoint,
            Instant timestamp,
            Digest tx,
            @Schema(examples = "0") int txIndex,
            @Schema(examples = "0") int ordinal,

            @Schema(enumeration = {"epoch_change", "slashing", "wal::burn"})
            String why,

            @Schema(description = "FROST.", examples = "0") String amount,

            @Schema(description = "FROST.", examples = "5000000000000000000")
            String supplyAfter,

            @Schema(description = "Whose commission was burnt by a slashing.") @Nullable
            SuiAddress nodeId,

            @Nullable Quoted quoted) {}

    @GET
    @Operation(operationId = "supply", summary = "How much WAL there is")
    public RestResponse<SupplyView> supply(@RestQuery @Nullable String at) {
        return answers.at(at, (db, moment) -> {
            var initial = db.first("""
                    select supply_after from supply_change where why = 'initial' and checkpoint <= ?
                    order by checkpoint, tx_index, ordinal limit 1
                    """, row -> row.amount("supply_after"), moment.checkpoint());
            var current = db.first("""
                    select supply_after from supply_change where checkpoint <= ?
                    order by checkpoint desc, tx_index desc, ordinal desc limit 1
                    """, row -> row.amount("supply_after"), moment.checkpoint());
            var burnt = db.one(
                    "select coalesce(sum(burnt), 0) as burnt from supply_change where checkpoint <= ?",
                    row -> row.amount("burnt"),
                    moment.checkpoint());
            var amounts = new TreeMap<String, @Nullable String>();
            amounts.put("current", current.orElse(null));
            amounts.put("burnt", burnt);
            return new SupplyView(
                    moment.asOf(),
                    initial.orElse(null),
                    current.orElse(null),
                    burnt,
                    quotes.at(moment.asOf().timestamp(), amounts));
        });
    }

    @GET
    @Path("burns")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "burns", summary = "What was burnt, in chain order, and why")
    public RestResponse<Page<Burn>> burns(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 3);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        db.list(
                                """
                                select s.*, c.checkpoint_at
                                from supply_change s join checkpoint c on c.sequence_number = s.checkpoint
                                where s.why <> 'initial' and s.checkpoint <= ?
                                  and (s.checkpoint, s.tx_index, s.ordinal) > (?, ?, ?)
                                order by s.checkpoint, s.tx_index, s.ordinal
                                limit ?
                                """,
                                row -> new Burn(
                                        row.number("checkpoint"),
                                        row.instant("checkpoint_at"),
                                        row.digest("tx_digest"),
                                        row.integer("tx_index"),
                                        row.integer("ordinal"),
                                        row.text("why"),
                                        row.amount("burnt"),
                                        row.amount("supply_after"),
                                        row.addressOrNull("node_id"),
                                        quotes.at(row.instant("checkpoint_at"), Map.of("amount", row.amount("burnt")))),
                                moment.checkpoint(),
                                page.afterNumber(0, -1),
                                page.afterNumber(1, -1),
                                page.afterNumber(2, -1),
                                page.fetch()),
                        item -> List.of(
                                Long.toString(item.checkpoint()),
                                Integer.toString(item.txIndex()),
                                Integer.toString(item.ordinal()))));
    }
}
