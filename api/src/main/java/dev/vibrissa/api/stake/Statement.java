package dev.vibrissa.api.stake;

import dev.vibrissa.api.quote.Quoted;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The stake of an address over some epochs: what it was worth before, what came and went, what it earned, what it is
 * worth at the end. What was earned is what is left over, so that the lines always add up.
 */
final class Statement {
    private final Snapshot db;
    private final Moment moment;
    private final SuiAddress address;
    private final Quotes quotes;

    Statement(Snapshot db, Moment moment, SuiAddress address, Quotes quotes) {
        this.quotes = quotes;
        this.db = db;
        this.moment = moment;
        this.address = address;
    }

    @Schema(name = "StatementLine")
    record Line(
            @Schema(examples = "1") int number,

            @Schema(
                    description = "opening; a flow; observed: a position older than our history, where it is seen"
                            + " first; earned: rewards and rounding over the period; revaluation, with token"
                            + " prices only: what their change made of it in the currency; closing.",
                    enumeration = {
                        "opening",
                        "observed",
                        "stake",
                        "withdraw",
                        "split",
                        "join",
                        "transfer",
                        "wrap",
                        "unwrap",
                        "earned",
                        "revaluation",
                        "closing"
                    })
            String line,

            @Schema(description = "Walrus epoch.", examples = "2")
            long epoch,

            @Nullable Long checkpoint,
            @Nullable Digest tx,
            @Nullable Instant timestamp,
            @Nullable SuiAddress objectId,
            @Nullable SuiAddress nodeId,

            @Schema(description = "Of withdraw: FROST of rewards in it.", examples = "0") @Nullable
            String rewards,

            @Schema(description = "FROST that came, or went if negative.", examples = "800000000000000") @Nullable
            String change,

            @Schema(
                    description = "FROST: value after it; before earned at the rates at which things came and went.",
                    examples = "800000000000000")
            String balance,

            @Nullable Quoted quoted) {

        Line numbered(int number) {
            return new Line(
                    number, line, epoch, checkpoint, tx, timestamp, objectId, nodeId, rewards, change, balance, quoted);
        }

        Line named(String line) {
            return new Line(
                    number, line, epoch, checkpoint, tx, timestamp, objectId, nodeId, rewards, change, balance, quoted);
        }

        Line after(String change, String balance) {
            return new Line(
                    number, line, epoch, checkpoint, tx, timestamp, objectId, nodeId, rewards, change, balance, quoted);
        }

        Line quoted(@Nullable Quoted quoted) {
            return new Line(
                    number, line, epoch, checkpoint, tx, timestamp, objectId, nodeId, rewards, change, balance, quoted);
        }
    }

    private record Flow(Line line, BigInteger change) {}

    /**
     * @param from the first epoch
     * @param to the last one, inclusive; it runs at the moment, or is over
     */
    List<Line> lines(long from, long to) {
        // Where history begins with that epoch or later, there was nothing before it.
        Optional<Long> start = startOf(from);
        long last = startOf(to + 1).map(next -> next - 1).orElse(moment.checkpoint());
        BigInteger balance = start.filter(checkpoint -> from > 0)
                .map(checkpoint -> value(checkpoint - 1, from - 1))
                .orElse(BigInteger.ZERO);
        var lines = new ArrayList<Line>();
        lines.add(line(0, "opening", from, null, balance));
        for (Flow flow : flows(start.orElse(0L), last)) {
            balance = balance.add(flow.change());
            lines.add(flow.line().numbered(lines.size()).after(flow.change().toString(), balance.toString()));
        }
        BigInteger closing = value(last, to);
        lines.add(line(lines.size(), "earned", to, closing.subtract(balance), closing));
        lines.add(line(lines.size(), "closing", to, null, closing));
        var inCurrency = new StatementInCurrency(
                quotes, timeOf(start.orElse(moment.asOf().firstCheckpoint())), timeOf(last));
        return inCurrency.of(List.copyOf(lines));
    }

    private static Line line(int number, String what, long epoch, @Nullable BigInteger change, BigInteger balance) {
        return new Line(
                number,
                what,
                epoch,
                null,
                null,
                null,
                null,
                null,
                null,
                change == null ? null : change.toString(),
                balance.toString(),
                null);
    }

    private Instant timeOf(long checkpoint) {
        return db.one(
                "select checkpoint_at from checkpoint where sequence_number = ?",
                row -> row.instant("checkpoint_at"),
                checkpoint);
    }

    private Optional<Long> startOf(long epoch) {
        return db.first(
                "select start_checkpoint from epoch where epoch = ? and start_checkpoint <= ?",
                row -> row.number("start_checkpoint"),
                epoch,
                moment.checkpoint());
    }

    private BigInteger value(long checkpoint, long epoch) {
        return db.one(
                "select coalesce(sum(s.value), 0) as value from (" + Stakes.VALUED + "and p.owner = ?) s",
                row -> new BigInteger(row.amount("value")),
                epoch,
                epoch,
                epoch,
                checkpoint,
                checkpoint,
                address);
    }

    /**
     * What came to the address or went from it: new stake and pay-outs as they were, the rest at its value then. What is
     * older than our history comes when it is seen, else its principal would look earned.
     */
    private List<Flow> flows(long first, long last) {
        return db.list(
                "select o.*, c.checkpoint_at, v.now, " + Stakes.VALUE + """
                from stake_operation o
                join checkpoint c on c.sequence_number = o.checkpoint
                cross join lateral (
                  select p.node_id, o.amount as principal, p.activation_epoch, p.withdraw_epoch
                  from stake_position p
                  where p.checkpoint = o.checkpoint and p.tx_index = o.tx_index
                    and p.object_id = case when o.kind in ('split', 'join') then o.other_object_id else o.object_id end) p
                cross join lateral (select max(e.epoch) as now from epoch e where e.running_since <= o.checkpoint) n
                cross join lateral (
                  select coalesce(n.now, 0) as now, least(coalesce(n.now, 0), coalesce(p.withdraw_epoch, n.now, 0)) as epoch) v
                """ + Stakes.RATES + """
                where o.checkpoint between ? and ? and (o.owner_before = ? or o.owner_after = ?)
                  and o.owner_before is distinct from o.owner_after
                order by o.checkpoint, o.tx_index, o.ordinal
                """,
                row -> {
                    var amount = new BigInteger(row.amount("amount"));
                    String kind = row.text("kind");
                    String rewards = row.amountOrNull("rewards");
                    BigInteger change = switch (kind) {
                        case "stake" -> amount;
                        case "withdraw" -> amount.add(new BigInteger(rewards == null ? "0" : rewards));
                        default -> new BigInteger(row.amount("value"));
                    };
                    boolean came = Objects.equals(address, row.addressOrNull("owner_after"));
                    var line = new Line(
                            0,
                            kind,
                            row.number("now"),
                            row.number("checkpoint"),
                            row.digestOrNull("tx_digest"),
                            row.instant("checkpoint_at"),
                            row.address("object_id"),
                            row.address("node_id"),
                            rewards,
                            null,
                            "0",
                            null);
                    return new Flow(line, came ? change : change.negate());
                },
                first,
                last,
                address,
                address);
    }
}
