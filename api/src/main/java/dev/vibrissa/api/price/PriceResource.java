package dev.vibrissa.api.price;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.price.PriceVotes.PriceVote;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.quote.Quoted;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.protocol.sui.Digest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/prices")
@Tag(name = "money")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class PriceResource {
    private final Answers answers;
    private final Quotes quotes;

    PriceResource(Answers answers, Quotes quotes) {
        this.answers = answers;
        this.quotes = quotes;
    }

    /** Prices from here on. */
    @Schema(name = "Price")
    record PriceView(
            @Schema(examples = "1006") long checkpoint,
            Instant timestamp,
            Digest tx,
            @Schema(examples = "0") int txIndex,

            @Schema(
                    description = "Of the event PricesUpdated; null where the contract changed prices without one.",
                    examples = "1")
            @Nullable
            Integer walrusOrdinal,

            @Schema(examples = "1") long epoch,

            @Schema(description = "FROST per MiB and epoch.", examples = "11000")
            String storagePrice,

            @Schema(description = "FROST per MiB, once.", examples = "20000")
            String writePrice,

            @Schema(description = "The votes behind it.", examples = "/v1/prices/1006/votes")
            String votes,

            @Nullable Quoted quoted) {}

    private PriceView view(Row row) throws SQLException {
        var at = row.instant("checkpoint_at");
        String storage = row.amount("storage_price");
        String write = row.amount("write_price");
        return new PriceView(
                row.number("checkpoint"),
                at,
                row.digest("tx_digest"),
                row.integer("tx_index"),
                row.integer("walrus_ordinal") < 0 ? null : row.integer("walrus_ordinal"),
                row.number("epoch"),
                storage,
                write,
                "/v1/prices/%d/votes".formatted(row.number("checkpoint")),
                quotes.at(at, Map.of("storagePrice", storage, "writePrice", write)));
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "prices", summary = "Prices in chain order, each from where it began to hold")
    public RestResponse<Page<PriceView>> list(
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
                                select p.*, c.checkpoint_at
                                from price p join checkpoint c on c.sequence_number = p.checkpoint
                                where p.checkpoint <= ? and (p.checkpoint, p.tx_index, p.walrus_ordinal) > (?, ?, ?)
                                order by p.checkpoint, p.tx_index, p.walrus_ordinal
                                limit ?
                                """,
                                this::view,
                                moment.checkpoint(),
                                page.afterNumber(0, -1),
                                page.afterNumber(1, -1),
                                page.afterNumber(2, -2),
                                page.fetch()),
                        item -> List.of(
                                Long.toString(item.checkpoint()),
                                Integer.toString(item.txIndex()),
                                item.walrusOrdinal() == null
                                        ? "-1"
                                        : item.walrusOrdinal().toString())));
    }

    @GET
    @Path("{checkpoint}/votes")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "priceVotes",
            summary =
                    "What each member of the committee voted for when a price was reckoned. The price is the lowest vote"
                            + " such that members with that vote or a lower one are a quorum")
    public RestResponse<Page<PriceVote>> votes(
            UriInfo uri,
            @Parameter(description = "Where the price came into force.", example = "1005") @RestPath String checkpoint,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        long number = Input.whole("checkpoint", checkpoint, 0, Long.MAX_VALUE);
        var page = PageRequest.of(uri, limit, cursor, 3);
        return answers.at(at, (db, moment) -> {
            if (db.first(
                            "select 1 as found from price where checkpoint = ? and checkpoint <= ?",
                            row -> row.integer("found"),
                            number,
                            moment.checkpoint())
                    .isEmpty()) {
                throw ProblemException.notFound(
                        "no price came into force in checkpoint %d, as far as checkpoint %d tells"
                                .formatted(number, moment.checkpoint()));
            }
            return page.page(moment, PriceVotes.of(db, moment, number, page), PriceVotes::key);
        });
    }
}
