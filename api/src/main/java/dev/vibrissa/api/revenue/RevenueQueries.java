package dev.vibrissa.api.revenue;

import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Adds revenue up: whole epochs from their sums, the one that runs at the moment from its payments. */
final class RevenueQueries {
    private static final BigInteger GIB = BigInteger.ONE.shiftLeft(30);

    private final Snapshot db;
    private final Moment moment;
    private final TreeMap<Long, Epoch> epochs = new TreeMap<>();

    RevenueQueries(Snapshot db, Moment moment) {
        this.db = db;
        this.moment = moment;
    }

    private static final class Epoch {
        private final TreeMap<String, BigInteger> cash = new TreeMap<>();
        private final TreeMap<String, BigInteger> accrual = new TreeMap<>();
        private BigInteger reservations = BigInteger.ZERO;
        private BigInteger bytes = BigInteger.ZERO;
        private @Nullable String carried;
    }

    private record Cell(long paidEpoch, long serviceEpoch, String what, BigInteger amount, BigInteger bytes) {}

    /** At most some hundred epochs, so a page is cut from all of them. */
    List<RevenueView> list(PageRequest page) {
        cells().forEach(this::add);
        db.list(
                "select to_epoch, leftover from epoch_change where checkpoint <= ?",
                row -> {
                    epoch(row.number("to_epoch") - 1); // it ended, whether anything was paid or not
                    return epoch(row.number("to_epoch")).carried = row.amount("leftover");
                },
                moment.checkpoint());
        return epochs.tailMap(page.afterNumber(0, -1), false).entrySet().stream()
                .limit(page.fetch())
                .map(entry -> view(entry.getKey(), entry.getValue()))
                .toList();
    }

    private List<Cell> cells() {
        long running = moment.epoch();
        if (!moment.past()) {
            return db.list("select * from revenue", RevenueQueries::cell);
        }
        var cells =
                new ArrayList<>(db.list("select * from revenue where paid_epoch < ?", RevenueQueries::cell, running));
        cells.addAll(db.list("""
                select epoch as paid_epoch, ahead as service_epoch, what, sum(per_epoch) as amount,
                  sum(case when what in ('write', 'write_pooled') then 0 else bytes end) as bytes
                from payment cross join generate_series(first_epoch, end_epoch - 1) ahead
                where epoch >= ? and checkpoint <= ?
                group by epoch, ahead, what
                """, RevenueQueries::cell, running, moment.checkpoint()));
        return cells;
    }

    private static Cell cell(Row row) throws SQLException {
        return new Cell(
                row.number("paid_epoch"),
                row.number("service_epoch"),
                row.text("what"),
                new BigInteger(row.amount("amount")),
                new BigInteger(row.amount("bytes")));
    }

    private Epoch epoch(long number) {
        return epochs.computeIfAbsent(number, _ -> new Epoch());
    }

    private void add(Cell cell) {
        epoch(cell.paidEpoch()).cash.merge(cell.what(), cell.amount(), BigInteger::add);
        var service = epoch(cell.serviceEpoch());
        service.accrual.merge(cell.what(), cell.amount(), BigInteger::add);
        if (cell.bytes().signum() != 0) {
            service.bytes = service.bytes.add(cell.bytes());
            service.reservations = service.reservations.add(cell.amount());
        }
    }

    private static RevenueView view(long number, Epoch epoch) {
        return new RevenueView(
                number,
                texts(epoch.cash),
                sum(epoch.cash, false),
                sum(epoch.cash, true),
                texts(epoch.accrual),
                sum(epoch.accrual, false),
                sum(epoch.accrual, true),
                epoch.carried,
                epoch.bytes.toString(),
                epoch.bytes.signum() == 0
                        ? null
                        : epoch.reservations.multiply(GIB).divide(epoch.bytes).toString());
    }

    private static Map<String, String> texts(TreeMap<String, BigInteger> amounts) {
        var texts = new LinkedHashMap<String, String>();
        amounts.forEach((what, amount) -> texts.put(what, amount.toString()));
        return texts;
    }

    private static String sum(TreeMap<String, BigInteger> amounts, boolean ofSubsidies) {
        return amounts.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("_subsidy") == ofSubsidies)
                .map(Map.Entry::getValue)
                .reduce(BigInteger.ZERO, BigInteger::add)
                .toString();
    }
}
