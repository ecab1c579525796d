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

    List<RevenueView> list(PageRequest page) {
        long after = page.afterNumber(0, -1);
        var cells = cells(after, last(after, page.fetch()));
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
        return epochs.tailMap(after, false).entrySet().stream()
                .limit(page.fetch())
                .map(entry -> entry.getValue().view(entry.getKey()))
                .toList();
    }

    /**
     * The last epoch of so many after one, by whole epochs alone: another one between them only makes the page end sooner.
     * From epoch to epoch by index, because an epoch has thousands of rows.
     */
    private long last(long after, int most) {
        var shown = db.list(
                """
                with recursive shown (epoch) as (
                  select ?::bigint
                  union all
                  select least(
                    (select min(paid_epoch) from revenue
                     where paid_epoch > shown.epoch and paid_epoch < ? and what <> 'event_blob'),
                    (select min(service_epoch) from revenue
                     where service_epoch > shown.epoch and paid_epoch < ? and what <> 'event_blob'),
                    (select min(to_epoch) - 1 from epoch_change where to_epoch > shown.epoch + 1 and checkpoint <= ?),
                    (select min(to_epoch) from epoch_change where to_epoch > shown.epoch and checkpoint <= ?))
                  from shown where shown.epoch is not null)
                select epoch from shown where epoch is not null order by epoch offset 1 limit ?
                """,
                row -> row.number("epoch"),
                after,
                running(),
                running(),
                moment.checkpoint(),
                moment.checkpoint(),
                most);
        return shown.size() < most ? Long.MAX_VALUE : shown.getLast();
    }

    /** From which epoch on payments have to be counted, because it was not over then. */
    private long running() {
        return moment.past() ? moment.epoch() : Long.MAX_VALUE;
    }

    /** What was paid in epochs after one and up to another, or for them. By day only where each has a price of its own. */
    private List<Cell> cells(long after, long last) {
        boolean byDay = prices.isPresent();
        long running = running();
        var cells = new ArrayList<>(db.list("""
                select case when ? then paid_on end as paid_on, paid_epoch, service_epoch, what, sum(amount) as amount,
                  sum(bytes) as bytes
                from revenue
                where paid_epoch < ? and (paid_epoch > ? and paid_epoch <= ? or service_epoch > ? and service_epoch <= ?)
                group by 1, 2, 3, 4
                """, RevenueQueries::cell, byDay, running, after, last, after, last));
        if (moment.past() && last >= running) {
            cells.addAll(db.list(
                    """
                    select paid_on, paid_epoch, ahead as service_epoch, what, sum(amount) as amount, sum(bytes) as bytes
                    from (
                      select case when ? then (c.checkpoint_at at time zone 'UTC')::date end as paid_on,
                        p.epoch as paid_epoch, p.first_epoch, p.end_epoch, p.what, sum(p.per_epoch) as amount,
                        sum(case when p.what in ('write', 'write_pooled') then 0 else p.bytes end) as bytes
                      from payment p join checkpoint c on c.sequence_number = p.checkpoint
                      where p.epoch >= ? and p.checkpoint <= ?
                      group by 1, 2, 3, 4, 5
                      union all
                      select null::date, f.epoch, f.first_epoch, f.end_epoch, 'event_blob', 0, sum(f.bytes)
                      from free_reservation f
                      where f.epoch >= ? and f.checkpoint <= ?
                      group by 1, 2, 3, 4) bought
                    cross join generate_series(first_epoch, end_epoch - 1) ahead
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
