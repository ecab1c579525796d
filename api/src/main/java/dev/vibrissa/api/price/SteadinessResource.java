package dev.vibrissa.api.price;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.price.Measure.Point;
import dev.vibrissa.api.price.SteadinessView.EpochCost;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/prices/steadiness")
@Tag(name = "money")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class SteadinessResource {
    private static final BigInteger UNITS_PER_GIB = BigInteger.valueOf(1024);

    private final Answers answers;
    private final Quotes quotes;

    SteadinessResource(Answers answers, Quotes quotes) {
        this.answers = answers;
        this.quotes = quotes;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "steadiness",
            summary = "What a GiB cost epoch by epoch, how volatile that was, and the token beside it")
    public RestResponse<SteadinessView> steadiness(
            @RestQuery @Nullable String at,
            @Parameter(description = "First epoch; the first with a price without it.", example = "1")
                    @RestQuery
                    @Nullable
                    String fromEpoch,
            @Parameter(description = "Last epoch, inclusive; the running one without it.", example = "2")
                    @RestQuery
                    @Nullable
                    String toEpoch) {
        long from = fromEpoch == null ? 0 : Input.epoch("fromEpoch", fromEpoch);
        Optional<Long> to = Input.optional(toEpoch, text -> Input.epoch("toEpoch", text));
        return answers.at(at, (db, moment) -> {
            var costs = costs(db, moment, from, Math.min(to.orElse(moment.epoch()), moment.epoch()));
            return new SteadinessView(
                    moment.asOf(),
                    SteadinessView.METHOD,
                    measure(costs, cost -> Optional.of(cost.costPerGib())),
                    quotes.series().isEmpty() ? null : measure(costs, SteadinessResource::costInCurrency),
                    quotes.series().isEmpty() ? null : measure(costs, SteadinessResource::tokenPrice),
                    costs);
        });
    }

    /** A price holds until the next one; where history begins in the middle, the first is what the System shows then. */
    private List<EpochCost> costs(Snapshot db, Moment moment, long from, long to) {
        return db.list(
                """
                select e.epoch, coalesce(n.checkpoint_at, ?) as ended_at, p.*
                from epoch e
                left join epoch next on next.epoch = e.epoch + 1 and next.start_checkpoint <= ?
                left join checkpoint n on n.sequence_number = next.start_checkpoint
                cross join lateral (
                  select * from (
                    (select checkpoint, tx_digest, storage_price, tx_index, walrus_ordinal from price
                     where epoch <= e.epoch and checkpoint <= ?
                     order by checkpoint desc, tx_index desc, walrus_ordinal desc limit 1)
                    union all
                    (select s.checkpoint, s.tx_digest, s.storage_price, s.tx_index, -2 from system_state s
                     where s.epoch <= e.epoch and s.checkpoint <= ?
                     order by s.checkpoint, s.tx_index limit 1)) each
                  order by checkpoint desc, tx_index desc, walrus_ordinal desc limit 1) p
                where e.running_since <= ? and e.epoch between ? and ? and p.storage_price < 9223372036854775808
                order by e.epoch
                """,
                this::cost,
                moment.asOf().timestamp(),
                moment.checkpoint(),
                moment.checkpoint(),
                moment.checkpoint(),
                moment.checkpoint(),
                from,
                to);
    }

    private EpochCost cost(Row row) throws SQLException {
        var ended = row.instant("ended_at");
        String cost = new BigInteger(row.amount("storage_price"))
                .multiply(UNITS_PER_GIB)
                .toString();
        var tx = row.digestOrNull("tx_digest");
        return new EpochCost(
                row.number("epoch"),
                ended,
                cost,
                tx == null ? null : row.number("checkpoint"),
                tx,
                quotes.at(ended, Map.of("costPerGib", cost)));
    }

    private static Optional<String> costInCurrency(EpochCost cost) {
        var quoted = cost.quoted();
        return quoted == null
                ? Optional.empty()
                : Optional.ofNullable(quoted.amounts().get("costPerGib"));
    }

    private static Optional<String> tokenPrice(EpochCost cost) {
        var quoted = cost.quoted();
        return quoted == null ? Optional.empty() : Optional.of(quoted.price());
    }

    private static Measure measure(List<EpochCost> costs, Function<EpochCost, Optional<String>> amount) {
        var points = new ArrayList<Point>();
        for (EpochCost cost : costs) {
            amount.apply(cost)
                    .map(Double::parseDouble)
                    .filter(value -> value > 0)
                    .ifPresent(value -> points.add(new Point(cost.epoch(), value)));
        }
        return Measure.of(points);
    }
}
