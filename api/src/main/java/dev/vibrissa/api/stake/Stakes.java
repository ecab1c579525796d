package dev.vibrissa.api.stake;

import dev.vibrissa.api.object.Holder;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.sql.NodeName;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.stake.StakeViews.OperationView;
import dev.vibrissa.api.stake.StakeViews.StakeView;
import dev.vibrissa.api.stake.StakeViews.Version;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads positions and operations. */
final class Stakes {
    /**
     * The value of position {@code p} in epoch {@code v.epoch}, by the contract's rule: shares at the rate {@code a} of
     * its activation, rounded down, back to FROST at the rate {@code b} of the epoch, rounded down, and never less than
     * the principal. Of a pool older than our history the rate of the activation may be unknown: then the principal is
     * all that can be told.
     */
    static final String VALUE = """
            case when v.epoch < p.activation_epoch then p.principal
              when a.wal_amount is null and exists (
                select from operator o where o.node_id = p.node_id and o.registered_tx is null) then p.principal
              else greatest(p.principal,
                div(div(p.principal * coalesce(a.share_amount, 1), coalesce(a.wal_amount, 1)) * coalesce(b.wal_amount, 1),
                  coalesce(b.share_amount, 1))) end as value
            """;

    static final String RATES = """
            left join lateral (
              select r.wal_amount, r.share_amount from exchange_rate r
              where r.node_id = p.node_id and r.epoch <= p.activation_epoch order by r.epoch desc limit 1) a on true
            left join lateral (
              select r.wal_amount, r.share_amount from exchange_rate r
              where r.node_id = p.node_id and r.epoch <= v.epoch order by r.epoch desc limit 1) b on true
            """;

    /**
     * Positions in force at the end of a checkpoint with their value in an epoch. Its question marks are epoch, epoch,
     * epoch, checkpoint, checkpoint.
     */
    static final String VALUED = "select p.*, " + VALUE + """
            , case when v.now < p.activation_epoch then 'pending'
                when p.withdraw_epoch is null then 'active'
                when v.now < p.withdraw_epoch then 'leaving' else 'withdrawable' end as state
            from stake_position p
            cross join lateral (select ?::bigint as now, least(?::bigint, coalesce(p.withdraw_epoch, ?::bigint)) as epoch) v
            """ + RATES + """
            where p.checkpoint <= ? and (p.replaced_checkpoint is null or p.replaced_checkpoint > ?) and p.holder <> 'gone'
            """;

    private static final String NAMED = """
            select s.*, sn.name as node_name from (
            """;

    private Stakes() {}

    /** Positions by object id. */
    static List<StakeView> list(
            Snapshot db,
            Moment moment,
            Optional<SuiAddress> owner,
            Optional<SuiAddress> node,
            Optional<SuiAddress> id,
            PageRequest page,
            Quotes quotes) {
        String filter = (owner.isPresent() ? "and p.owner = ? " : "and ?::bytea is null ")
                + (node.isPresent() ? "and p.node_id = ? " : "and ?::bytea is null ")
                + (id.isPresent() ? "and p.object_id = ? " : "and ?::bytea is null ");
        return db.list(
                NAMED + VALUED + filter + "and p.object_id > ? order by p.object_id limit ?) s "
                        + NodeName.of("s.node_id") + "order by s.object_id",
                row -> stake(row, moment, quotes),
                moment.epoch(),
                moment.epoch(),
                moment.epoch(),
                moment.checkpoint(),
                moment.checkpoint(),
                bytes(owner),
                bytes(node),
                bytes(id),
                page.afterBytes(0),
                page.fetch(),
                moment.checkpoint());
    }

    private static byte @Nullable [] bytes(Optional<SuiAddress> id) {
        return id.map(SuiAddress::toByteArray).orElse(null);
    }

    private static StakeView stake(Row row, Moment moment, Quotes quotes) throws SQLException {
        return new StakeView(
                row.address("object_id"),
                holder(row),
                row.addressOrNull("held_inside"),
                row.address("node_id"),
                row.textOrNull("node_name"),
                row.text("state"),
                row.amount("principal"),
                row.amount("value"),
                row.number("activation_epoch"),
                row.numberOrNull("withdraw_epoch"),
                row.number("checkpoint"),
                row.digestOrNull("tx_digest"),
                quotes.at(
                        moment.asOf().timestamp(),
                        Map.of("principal", row.amount("principal"), "value", row.amount("value"))));
    }

    private static Holder holder(Row row) throws SQLException {
        String kind = row.text("holder");
        return switch (kind) {
            case "gone" -> Holder.gone("deleted");
            case "address" -> Holder.of(kind, row.address("owner"));
            default -> Holder.of(kind, row.addressOrNull("held_inside"));
        };
    }

    static List<Version> history(Snapshot db, Moment moment, SuiAddress id) {
        return db.list(
                """
                select p.*, c.checkpoint_at
                from stake_position p join checkpoint c on c.sequence_number = p.checkpoint
                where p.object_id = ? and p.checkpoint <= ?
                order by p.checkpoint, p.tx_index
                """,
                row -> new Version(
                        row.number("checkpoint"),
                        row.digestOrNull("tx_digest"),
                        row.instant("checkpoint_at"),
                        holder(row),
                        row.addressOrNull("held_inside"),
                        row.address("node_id"),
                        row.amount("principal"),
                        row.number("activation_epoch"),
                        row.numberOrNull("withdraw_epoch")),
                id,
                moment.checkpoint());
    }

    /** Operations in chain order. */
    static List<OperationView> operations(
            Snapshot db,
            Moment moment,
            Optional<String> kind,
            Optional<SuiAddress> node,
            Optional<SuiAddress> address,
            PageRequest page) {
        String filter = (kind.isPresent() ? "and o.kind = ? " : "and ?::text is null ")
                + (node.isPresent() ? "and o.node_id = ? " : "and ?::bytea is null ")
                + (address.isPresent()
                        ? "and (o.owner_before = ? or o.owner_after = ?) "
                        : "and ?::bytea is null and ?::bytea is null ");
        return db.list(
                """
                select o.*, t.sender, c.checkpoint_at
                from stake_operation o
                left join transaction t on t.digest = o.tx_digest
                join checkpoint c on c.sequence_number = o.checkpoint
                where o.checkpoint <= ? and (o.checkpoint, o.tx_index, o.ordinal) > (?, ?, ?)
                """ + filter + "order by o.checkpoint, o.tx_index, o.ordinal limit ?",
                Stakes::operation,
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -2),
                page.afterNumber(2, -1),
                kind.orElse(null),
                bytes(node),
                bytes(address),
                bytes(address),
                page.fetch());
    }

    static OperationView operation(Row row) throws SQLException {
        return new OperationView(
                row.number("checkpoint"),
                row.integer("tx_index"),
                row.integer("ordinal"),
                row.digestOrNull("tx_digest"),
                row.addressOrNull("sender"),
                row.instant("checkpoint_at"),
                row.text("kind"),
                row.address("object_id"),
                row.addressOrNull("other_object_id"),
                row.address("node_id"),
                row.addressOrNull("owner_before"),
                row.addressOrNull("owner_after"),
                row.amount("amount"),
                row.amountOrNull("rewards"),
                row.amountOrNull("residual"),
                row.numberOrNull("epoch"));
    }
}
