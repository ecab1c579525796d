package dev.vibrissa.api.operator;

import dev.vibrissa.api.epoch.ShardRanges;
import dev.vibrissa.api.operator.OperatorViews.Authorized;
import dev.vibrissa.api.operator.OperatorViews.CommissionAnswer;
import dev.vibrissa.api.operator.OperatorViews.CommissionChange;
import dev.vibrissa.api.operator.OperatorViews.CommissionCollection;
import dev.vibrissa.api.operator.OperatorViews.CommissionView;
import dev.vibrissa.api.operator.OperatorViews.Metadata;
import dev.vibrissa.api.operator.OperatorViews.ProfileView;
import dev.vibrissa.api.operator.OperatorViews.RewardView;
import dev.vibrissa.api.operator.OperatorViews.ShardsView;
import dev.vibrissa.api.operator.OperatorViews.YieldView;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.quote.Quoted;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import dev.vibrissa.protocol.walrus.stake.Yield;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads how an operator presented itself, what it announced and got, and its shards. */
final class OperatorRecord {
    /** A commission raised by so many basis points at once is flagged. */
    private static final int SHARP_RISE = 500;
    /** So is one raised again so soon after a cut. */
    private static final int EPOCHS_AFTER_A_CUT = 4;

    private final Snapshot db;
    private final Moment moment;
    private final SuiAddress node;

    OperatorRecord(Snapshot db, Moment moment, SuiAddress node) {
        this.db = db;
        this.moment = moment;
        this.node = node;
    }

    List<ProfileView> profiles(PageRequest page) {
        return db.list(
                """
                select * from operator_profile
                where node_id = ? and checkpoint <= ? and (checkpoint, tx_index) > (?, ?)
                order by checkpoint, tx_index limit ?
                """,
                OperatorRecord::profile,
                node,
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -2),
                page.fetch());
    }

    @Nullable
    ProfileView profile() {
        return db.first("""
                        select * from operator_profile where node_id = ? and checkpoint <= ?
                        order by checkpoint desc, tx_index desc limit 1
                        """, OperatorRecord::profile, node, moment.checkpoint()).orElse(null);
    }

    private static ProfileView profile(Row row) throws SQLException {
        byte @Nullable [] next = row.bytesOrNull("next_public_key");
        String image = row.textOrNull("image_url");
        return new ProfileView(
                row.number("checkpoint"),
                row.integer("tx_index"),
                row.digestOrNull("tx_digest"),
                row.text("name"),
                row.text("network_address"),
                HexFormat.of().formatHex(row.bytes("network_public_key")),
                HexFormat.of().formatHex(row.bytes("public_key")),
                next == null ? null : HexFormat.of().formatHex(next),
                authorized(row, "commission_receiver_kind", "commission_receiver"),
                authorized(row, "governance_kind", "governance"),
                image == null
                        ? null
                        : new Metadata(image, row.text("project_url"), row.text("description"), extraFields(row)));
    }

    /** Stored as key, value, key, value. */
    private static Map<String, String> extraFields(Row row) throws SQLException {
        var pairs = row.texts("extra_fields");
        var fields = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.size(); i += 2) {
            fields.put(pairs.get(i), pairs.get(i + 1));
        }
        return fields;
    }

    private static Authorized authorized(Row row, String kind, String id) throws SQLException {
        return row.text(kind).equals("address")
                ? new Authorized(row.address(id), null)
                : new Authorized(null, row.address(id));
    }

    private static @Nullable Quoted collected(Row row, Quotes quotes) throws SQLException {
        var amounts = new LinkedHashMap<String, @Nullable String>();
        amounts.put("amount", row.amount("amount"));
        amounts.put("locked", row.amountOrNull("locked"));
        return quotes.at(row.instant("checkpoint_at"), amounts);
    }

    CommissionAnswer commission(CommissionView now, Quotes quotes) {
        var changes = new ArrayList<CommissionChange>();
        db.list("""
                select * from commission_change where node_id = ? and checkpoint <= ?
                order by checkpoint, tx_index, effective_epoch
                """, row -> changes.add(change(row, changes)), node, moment.checkpoint());
        var collections = db.list(
                """
                select n.*, c.checkpoint_at
                from commission_collection n join checkpoint c on c.sequence_number = n.checkpoint
                where n.node_id = ? and n.checkpoint <= ? order by n.checkpoint, n.tx_index
                """,
                row -> new CommissionCollection(
                        row.number("checkpoint"),
                        row.integer("tx_index"),
                        row.digest("tx_digest"),
                        row.text("how"),
                        row.amount("amount"),
                        row.amountOrNull("locked"),
                        collected(row, quotes)),
                node,
                moment.checkpoint());
        return new CommissionAnswer(moment.asOf(), node, now, List.copyOf(changes), collections);
    }

    private static CommissionChange change(Row row, List<CommissionChange> earlier) throws SQLException {
        int rate = row.integer("rate");
        int before = row.integer("rate_before");
        long effective = row.number("effective_epoch");
        boolean afterACut = earlier.stream()
                .anyMatch(each ->
                        each.rate() < each.rateBefore() && effective - each.effectiveEpoch() <= EPOCHS_AFTER_A_CUT);
        return new CommissionChange(
                row.number("checkpoint"),
                row.integer("tx_index"),
                row.digest("tx_digest"),
                rate,
                before,
                effective,
                rate - before >= SHARP_RISE || rate > before && afterACut);
    }

    /** Epochs that brought the pool something, or have a rate. */
    List<RewardView> rewards(PageRequest page, Quotes quotes) {
        return db.list(
                """
                with rate as (select * from exchange_rate where node_id = ? and checkpoint <= ?),
                reward as (select * from pool_reward where node_id = ? and checkpoint <= ?)
                select x.epoch, w.stake, w.commission, w.to_stakers, w.checkpoint, w.tx_digest,
                  b.wal_amount as begin_wal, b.share_amount as begin_shares,
                  e.wal_amount as end_wal, e.share_amount as end_shares,
                  bc.checkpoint_at as begin_at, ec.checkpoint_at as end_at, wc.checkpoint_at as paid_at
                from (select epoch from rate union select epoch from reward) x
                left join reward w on w.epoch = x.epoch
                left join rate b on b.epoch = x.epoch
                left join rate e on e.epoch = x.epoch + 1
                left join checkpoint bc on bc.sequence_number = b.checkpoint
                left join checkpoint ec on ec.sequence_number = e.checkpoint
                left join checkpoint wc on wc.sequence_number = w.checkpoint
                where x.epoch > ? order by x.epoch limit ?
                """,
                row -> reward(row, quotes),
                node,
                moment.checkpoint(),
                node,
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.fetch());
    }

    private static RewardView reward(Row row, Quotes quotes) throws SQLException {
        String commission = row.amountOrNull("commission");
        String toStakers = row.amountOrNull("to_stakers");
        var amounts = new LinkedHashMap<String, @Nullable String>();
        amounts.put("commission", commission);
        amounts.put("toStakers", toStakers);
        var grown = grown(row);
        var begin = row.instantOrNull("begin_at");
        var end = row.instantOrNull("end_at");
        return new RewardView(
                row.number("epoch"),
                row.amountOrNull("stake"),
                commission,
                toStakers,
                grown == null
                        ? null
                        : new YieldView(
                                grown.numerator().toString(),
                                grown.denominator().toString(),
                                grown.decimal18()),
                row.numberOrNull("checkpoint"),
                row.digestOrNull("tx_digest"),
                grown == null || begin == null || end == null ? null : quotes.yield(begin, end, grown),
                quotes.at(row.instantOrNull("paid_at"), amounts));
    }

    private static @Nullable Yield grown(Row row) throws SQLException {
        return row.amountOrNull("begin_wal") == null || row.amountOrNull("end_wal") == null
                ? null
                : Yield.between(
                        new PoolExchangeRate.Variable(big(row, "begin_wal"), big(row, "begin_shares")),
                        new PoolExchangeRate.Variable(big(row, "end_wal"), big(row, "end_shares")));
    }

    private static BigInteger big(Row row, String column) throws SQLException {
        return new BigInteger(row.amount(column));
    }

    /** Epochs in which it has shards, or gave up its last ones. */
    List<ShardsView> shards(PageRequest page) {
        return db.list(
                """
                with known as (
                  select e.epoch, coalesce(e.params_checkpoint, e.start_checkpoint, e.running_since) as checkpoint,
                    coalesce(e.params_tx, e.start_tx) as tx_digest
                  from epoch e
                  where (e.running_since <= ? or e.params_checkpoint <= ?)
                    and exists (select from committee_member m where m.epoch = e.epoch)),
                mine as (
                  select a.epoch, array_agg(a.shard order by a.shard) as shards
                  from shard_assignment a where a.node_id = ? group by a.epoch)
                select k.*, coalesce(m.shards, '{}') as shards, coalesce(b.shards, '{}') as before,
                  k.epoch <= 1 or kb.epoch is not null as compared
                from known k
                left join known kb on kb.epoch = k.epoch - 1
                left join mine m on m.epoch = k.epoch
                left join mine b on b.epoch = kb.epoch
                where (m.shards is not null or b.shards is not null) and k.epoch > ?
                order by k.epoch limit ?
                """,
                OperatorRecord::shards,
                moment.checkpoint(),
                moment.checkpoint(),
                node,
                page.afterNumber(0, -1),
                page.fetch());
    }

    private static ShardsView shards(Row row) throws SQLException {
        var now = row.integers("shards");
        var before = row.integers("before");
        boolean compared = row.bool("compared");
        return new ShardsView(
                row.number("epoch"),
                now.size(),
                ShardRanges.text(now),
                compared ? without(now, before) : null,
                compared ? without(before, now) : null,
                row.number("checkpoint"),
                row.digestOrNull("tx_digest"));
    }

    private static String without(List<Integer> shards, List<Integer> others) {
        var rest = new TreeSet<>(shards);
        others.forEach(rest::remove);
        return ShardRanges.text(List.copyOf(rest));
    }
}
