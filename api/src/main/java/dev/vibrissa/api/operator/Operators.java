package dev.vibrissa.api.operator;

import dev.vibrissa.api.operator.OperatorViews.CommissionView;
import dev.vibrissa.api.operator.OperatorViews.OperatorView;
import dev.vibrissa.api.operator.OperatorViews.PoolView;
import dev.vibrissa.api.operator.OperatorViews.RateView;
import dev.vibrissa.api.operator.OperatorViews.Registration;
import dev.vibrissa.api.operator.OperatorViews.Scheduled;
import dev.vibrissa.api.operator.OperatorViews.ScheduledRate;
import dev.vibrissa.api.operator.OperatorViews.Votes;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads operators with their pools as they stand at a point. */
final class Operators {
    private static final String SELECT = """
            select o.node_id, o.checkpoint as registered_checkpoint, o.registered_tx, o.name as registered_name,
              cap.cap_id, cap.owner as registrant, f.name, f.network_address, s.*,
              coalesce(m.weight, 0) as shards,
              r.epoch as rate_epoch, r.wal_amount, r.share_amount, r.flat, r.checkpoint as rate_checkpoint, r.tx_digest as rate_tx,
              (select coalesce(sum(c.amount), 0) from commission_collection c
                where c.node_id = o.node_id and c.how = 'collected' and c.checkpoint <= ?) as collected
            from operator o
            join lateral (
              select * from pool_state s where s.node_id = o.node_id and s.checkpoint <= ?
              order by s.checkpoint desc, s.tx_index desc limit 1) s on true
            join lateral (
              select f.name, f.network_address from operator_profile f where f.node_id = o.node_id and f.checkpoint <= ?
              order by f.checkpoint desc, f.tx_index desc limit 1) f on true
            left join lateral (
              select c.cap_id, c.owner from operator_cap c where c.node_id = o.node_id and c.checkpoint <= ?
              order by c.checkpoint, c.tx_index limit 1) cap on true
            left join committee_member m on m.epoch = ? and m.node_id = o.node_id
            left join exchange_rate r on r.node_id = o.node_id and r.epoch = ?
            """;

    private Operators() {}

    /** Operators by node id. */
    static List<OperatorView> list(Snapshot db, Moment moment, PageRequest page) {
        return db.list(
                SELECT + "where o.node_id > ? order by o.node_id limit ?",
                Operators::view,
                moment.checkpoint(),
                moment.checkpoint(),
                moment.checkpoint(),
                moment.checkpoint(),
                moment.epoch(),
                moment.epoch(),
                page.afterBytes(0),
                page.fetch());
    }

    static Optional<OperatorView> find(Snapshot db, Moment moment, SuiAddress node) {
        return db.first(
                SELECT + "where o.node_id = ?",
                Operators::view,
                moment.checkpoint(),
                moment.checkpoint(),
                moment.checkpoint(),
                moment.checkpoint(),
                moment.epoch(),
                moment.epoch(),
                node);
    }

    private static OperatorView view(Row row) throws SQLException {
        return new OperatorView(
                row.address("node_id"),
                row.text("name"),
                row.text("network_address"),
                row.integer("shards"),
                new Registration(
                        row.number("registered_checkpoint"),
                        row.digestOrNull("registered_tx"),
                        row.text("registered_name"),
                        row.addressOrNull("cap_id"),
                        row.addressOrNull("registrant")),
                new PoolView(
                        row.amount("wal_balance"),
                        row.amount("num_shares"),
                        row.amount("rewards_pool"),
                        row.number("activation_epoch"),
                        row.number("latest_epoch"),
                        row.numberOrNull("rate_epoch") == null ? null : rateOfThisEpoch(row),
                        pending(row, "pending_stake"),
                        pending(row, "pending_shares_withdraw"),
                        pending(row, "pre_active_withdrawals")),
                commission(row),
                new Votes(
                        row.amount("storage_price_vote"),
                        row.amount("write_price_vote"),
                        row.amount("node_capacity_vote")),
                row.number("checkpoint"),
                row.digestOrNull("tx_digest"));
    }

    private static RateView rateOfThisEpoch(Row row) throws SQLException {
        return new RateView(
                row.number("rate_epoch"),
                row.amount("wal_amount"),
                row.amount("share_amount"),
                row.bool("flat"),
                row.number("rate_checkpoint"),
                row.digestOrNull("rate_tx"));
    }

    private static CommissionView commission(Row row) throws SQLException {
        var balance = new BigInteger(row.amount("commission"));
        var locked = Optional.ofNullable(row.amountOrNull("commission_locked")).map(BigInteger::new);
        return new CommissionView(
                row.integer("commission_rate"),
                balance.toString(),
                locked.map(BigInteger::toString).orElse(null),
                locked.map(each -> balance.subtract(each).max(BigInteger.ZERO).toString())
                        .orElse(null),
                row.amount("collected"),
                scheduled(row, "pending_commission_rate").stream()
                        .map(each -> new ScheduledRate(each.epoch(), Integer.parseInt(each.amount())))
                        .toList());
    }

    /** What was staked and taken back before it began leaves an entry of nothing. */
    private static List<Scheduled> pending(Row row, String column) throws SQLException {
        return scheduled(row, column).stream()
                .filter(each -> !each.amount().equals("0"))
                .toList();
    }

    /** Stored as pairs of epoch and value. */
    private static List<Scheduled> scheduled(Row row, String column) throws SQLException {
        var pairs = row.amounts(column);
        var scheduled = new ArrayList<Scheduled>();
        for (int i = 0; i < pairs.size(); i += 2) {
            scheduled.add(new Scheduled(Long.parseLong(pairs.get(i)), pairs.get(i + 1)));
        }
        return List.copyOf(scheduled);
    }

    /** All entries of a pool's rates, by epoch. */
    static List<RateView> rates(Snapshot db, Moment moment, SuiAddress node, PageRequest page) {
        return db.list("""
                select * from exchange_rate where node_id = ? and checkpoint <= ? and epoch > ? order by epoch limit ?
                """, Operators::rate, node, moment.checkpoint(), page.afterNumber(0, -1), page.fetch());
    }

    private static RateView rate(Row row) throws SQLException {
        return new RateView(
                row.number("epoch"),
                row.amount("wal_amount"),
                row.amount("share_amount"),
                row.bool("flat"),
                row.number("checkpoint"),
                row.digestOrNull("tx_digest"));
    }
}
