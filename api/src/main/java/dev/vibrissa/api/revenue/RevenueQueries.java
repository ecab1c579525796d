package dev.vibrissa.api.revenue;

import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.quote.TokenPrices;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Adds revenue up: whole epochs from their sums, the one that runs at the moment from its payments. */
final class RevenueQueries {
    private final Snapshot db;
    private final Moment moment;
    private final Optional<TokenPrices> prices;
    private final TreeMap<Long, RevenueOfEpoch> epochs = new TreeMap<>();

    RevenueQueries(Snapshot db, Moment moment, Quotes quotes) {
        this.db = db;
        this.moment = moment;
        this.prices = quotes.series();
    }

    /**
     * @param paidOn null where it does not matter
     */
    record Cell(
            @Nullable LocalDate paidOn,
            long paidEpoch,
            long serviceEpoch,
            String what,
            BigDecimal amount,
            BigInteger bytes) {
        boolean isFree() {
            return what.equals("event_blob");
        }

        boolean isSubsidy() {
            return what.endsWith("_subsidy");
        }
    }

    /** At most some hundred epochs, so a page is cut from all of them. */
    List<RevenueView> list(PageRequest page) {
        var cells = cells();
        for (Cell cell : cells) {
            if (!cell.isFree()) {
                epoch(cell.paidEpoch()).paid(cell);
                epoch(cell.serviceEpoch()).due(cell);
            }
        }
        db.list(
                "select to_epoch, leftover from epoch_change where checkpoint <= ?",
                row -> {
                    epoch(row.number("to_epoch") - 1); // it ended, whether anything was paid or not
                    epoch(row.number("to_epoch")).carry(row.amount("leftover"));
                    return true;
                },
                moment.checkpoint());
        // Where only event blobs take room there is no revenue to tell.
        for (Cell cell : cells) {
            if (cell.isFree() && epochs.containsKey(cell.serviceEpoch())) {
                epoch(cell.serviceEpoch()).due(cell);
            }
        }
        return epochs.tailMap(page.afterNumber(0, -1), false).entrySet().stream()
                .limit(page.fetch())
                .map(entry -> entry.getValue().view(entry.getKey()))
                .toList();
    }

    /** By day only where each day has a price of its own. */
    private List<Cell> cells() {
        boolean byDay = prices.isPresent();
        long running = moment.past() ? moment.epoch() : Long.MAX_VALUE;
        var cells = new ArrayList<>(db.list("""
                select case when ? then paid_on end as paid_on, paid_epoch, service_epoch, what, sum(amount) as amount,
                  sum(bytes) as bytes
                from revenue where paid_epoch < ?
                group by 1, 2, 3, 4
                """, RevenueQueries::cell, byDay, running));
        if (moment.past()) {
            cells.addAll(db.list(
                    """
                    select case when ? then (c.checkpoint_at at time zone 'UTC')::date end as paid_on,
                      p.epoch as paid_epoch, ahead as service_epoch, p.what, sum(p.per_epoch) as amount,
                      sum(case when p.what in ('write', 'write_pooled') then 0 else p.bytes end) as bytes
                    from payment p join checkpoint c on c.sequence_number = p.checkpoint
                    cross join generate_series(p.first_epoch, p.end_epoch - 1) ahead
                    where p.epoch >= ? and p.checkpoint <= ?
                    group by 1, 2, 3, 4
                    union all
                    select null::date, f.epoch, ahead, 'event_blob', 0, sum(f.bytes)
                    from free_reservation f cross join generate_series(f.first_epoch, f.end_epoch - 1) ahead
                    where f.epoch >= ? and f.checkpoint <= ?
                    group by 1, 2, 3, 4
                    """, RevenueQueries::cell, byDay, running, moment.checkpoint(), running, moment.checkpoint()));
        }
        return cells;
    }

    private static Cell cell(Row row) throws SQLException {
        return new Cell(
                row.dateOrNull("paid_on"),
                row.number("paid_epoch"),
                row.number("service_epoch"),
                row.text("what"),
                new BigDecimal(row.amount("amount")),
                new BigInteger(row.amount("bytes")));
    }

    private RevenueOfEpoch epoch(long number) {
        return epochs.computeIfAbsent(number, _ -> new RevenueOfEpoch(prices));
    }
}
