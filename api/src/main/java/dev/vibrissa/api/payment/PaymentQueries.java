package dev.vibrissa.api.payment;

import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads payments in chain order, and the differences that each transaction made. */
public final class PaymentQueries {
    /** What can be paid, as the column {@code payment.what} has it. */
    static final List<String> KINDS = List.of(
            "reserve_space",
            "reserve_space_for_epochs",
            "write",
            "write_pooled",
            "extend",
            "create_storage_pool",
            "extend_storage_pool",
            "increase_storage_pool_capacity",
            "unattributed",
            "usage_subsidy",
            "add_subsidy",
            "legacy_subsidy");

    private PaymentQueries() {}

    /**
     * @param payer address or SharedBlob
     */
    record Filter(
            @Nullable String what,
            @Nullable String source,
            @Nullable Long epoch,
            @Nullable SuiAddress payer) {}

    /** What an address, or a SharedBlob, paid. */
    public static Page<PaymentView> by(Snapshot db, Moment moment, SuiAddress payer, PageRequest page, Quotes quotes) {
        return page(db, moment, new Filter(null, null, null, payer), page, quotes);
    }

    static Page<PaymentView> page(Snapshot db, Moment moment, Filter filter, PageRequest page, Quotes quotes) {
        return page.page(
                moment,
                list(db, moment, filter, page, quotes),
                item -> List.of(
                        Long.toString(item.checkpoint()),
                        Integer.toString(item.txIndex()),
                        Integer.toString(item.ordinal())));
    }

    private static List<PaymentView> list(Snapshot db, Moment moment, Filter filter, PageRequest page, Quotes quotes) {
        // The words of what and source are ours: written out they meet the partial indexes.
        String conditions = (filter.what() == null ? "" : "and p.what = '%s' ".formatted(filter.what()))
                + (filter.source() == null ? "" : "and p.source = '%s' ".formatted(filter.source()))
                + (filter.epoch() == null ? "and ?::bigint is null " : "and p.epoch = ? ")
                + (filter.payer() == null ? "and ?::bytea is null " : "and p.payer = ? ");
        return db.list(
                """
                select p.*, c.checkpoint_at from payment p
                cross join lateral (select checkpoint_at from checkpoint where sequence_number = p.checkpoint limit 1) c
                where p.checkpoint <= ? %sand (p.checkpoint, p.tx_index, p.ordinal) > (?, ?, ?)
                order by p.checkpoint, p.tx_index, p.ordinal
                limit ?
                """.formatted(conditions),
                row -> view(row, quotes),
                moment.checkpoint(),
                filter.epoch(),
                filter.payer() == null ? null : filter.payer().toByteArray(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -1),
                page.afterNumber(2, -1),
                page.fetch());
    }

    private static PaymentView view(Row row, Quotes quotes) throws SQLException {
        var at = row.instant("checkpoint_at");
        String amount = row.amount("amount");
        return new PaymentView(
                row.number("checkpoint"),
                at,
                row.digest("tx_digest"),
                row.integer("tx_index"),
                row.integer("ordinal"),
                row.address("sender"),
                row.address("gas_owner"),
                row.text("payer_kind"),
                row.addressOrNull("payer"),
                row.text("source"),
                row.text("what"),
                row.number("epoch"),
                amount,
                row.amount("bytes"),
                row.amount("units"),
                row.number("first_epoch"),
                row.number("end_epoch"),
                row.amount("per_epoch"),
                row.addressOrNull("object_id"),
                row.addressOrNull("storage_pool_id"),
                quotes.at(at, Map.of("amount", amount)));
    }

    private record Place(long checkpoint, int txIndex) {}

    static List<InflowView> inflows(Snapshot db, Moment moment, PageRequest page) {
        var places = db.list(
                """
                select i.checkpoint, i.tx_index from inflow i
                where i.checkpoint <= ? and (i.checkpoint, i.tx_index) > (?, ?)
                order by i.checkpoint, i.tx_index
                limit ?
                """,
                row -> new Place(row.number("checkpoint"), row.integer("tx_index")),
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -1),
                page.fetch());
        if (places.isEmpty()) {
            return List.of();
        }
        var first = places.getFirst();
        var last = places.getLast();
        var changes = new HashMap<Place, List<InflowView.AccountChange>>();
        db.list(
                """
                select * from ring_change
                where (checkpoint, tx_index) >= (?, ?) and (checkpoint, tx_index) <= (?, ?)
                order by checkpoint, tx_index, first_epoch
                """,
                row -> changes.computeIfAbsent(
                                new Place(row.number("checkpoint"), row.integer("tx_index")), _ -> new ArrayList<>())
                        .add(new InflowView.AccountChange(
                                row.number("first_epoch"),
                                row.number("end_epoch"),
                                row.amount("rewards_delta"),
                                row.amount("used_delta"))),
                first.checkpoint(),
                first.txIndex(),
                last.checkpoint(),
                last.txIndex());
        return db.list(
                """
                select i.*, c.checkpoint_at from inflow i join checkpoint c on c.sequence_number = i.checkpoint
                where (i.checkpoint, i.tx_index) >= (?, ?) and (i.checkpoint, i.tx_index) <= (?, ?)
                order by i.checkpoint, i.tx_index
                """,
                row -> new InflowView(
                        row.number("checkpoint"),
                        row.instant("checkpoint_at"),
                        row.digest("tx_digest"),
                        row.integer("tx_index"),
                        row.address("sender"),
                        row.address("gas_owner"),
                        row.number("epoch"),
                        row.amount("user_inflow"),
                        row.amount("subsidy_inflow"),
                        row.amount("unattributed"),
                        row.amount("wal_residual"),
                        changes.getOrDefault(new Place(row.number("checkpoint"), row.integer("tx_index")), List.of())),
                first.checkpoint(),
                first.txIndex(),
                last.checkpoint(),
                last.txIndex());
    }
}
