package dev.vibrissa.api.reconciliation;

import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All checks there are: of money, of pools, and of each withdrawal of stake. */
public final class Reconciliations {
    static final List<String> CHECKS = List.of(
            "payments",
            "wal",
            "subsidies",
            "withdrawal",
            "rewards",
            "burn",
            "accounts",
            "used_capacity",
            "reserved_capacity",
            "total_capacity",
            "subsidy_pool",
            "supply",
            "node_reward",
            "pool_stake",
            "pool_shares",
            "rewards_pool",
            "pending_stake",
            "event_blob",
            "event_missing",
            "event_altered",
            "event_surplus",
            "event_moved");

    private Reconciliations() {}

    static List<CheckView> list(
            Snapshot db, Moment moment, boolean onlyMismatches, @Nullable String what, PageRequest page) {
        return db.list(
                """
                with asked as (
                  select ?::boolean as only_mismatches, ?::text as what, ?::bigint as until, ?::bigint as checkpoint,
                    ?::integer as tx_index, ?::text as after_what, ?::bytea as subject, ?::integer as fetch)
                select c.* from asked a cross join lateral (
                  (select checkpoint, tx_index, tx_digest, epoch, what, null::bytea as subject, expected, derived, residual
                   from reconciliation r
                   where (residual <> 0 or not a.only_mismatches) and (a.what is null or what = a.what)
                     and checkpoint <= a.until
                     and (checkpoint, tx_index, what, ''::bytea) > (a.checkpoint, a.tx_index, a.after_what, a.subject)
                   order by 1, 2, 5 limit a.fetch)
                  union all
                  (select checkpoint, tx_index, tx_digest, epoch, what, node_id, expected, derived, residual
                   from stake_reconciliation
                   where (residual <> 0 or not a.only_mismatches) and (a.what is null or what = a.what)
                     and checkpoint <= a.until
                     and (checkpoint, tx_index, what, node_id) > (a.checkpoint, a.tx_index, a.after_what, a.subject)
                   order by 1, 2, 5, 6 limit a.fetch)
                  union all
                  (select o.checkpoint, o.tx_index, o.tx_digest, e.epoch, 'withdrawal', o.object_id, o.rewards,
                     o.rewards + o.residual, - o.residual
                   from stake_operation o
                   cross join lateral (select coalesce(max(e.epoch), 0) as epoch from epoch e where e.running_since <= o.checkpoint) e
                   where o.kind = 'withdraw' and (o.residual <> 0 or not a.only_mismatches)
                     and (a.what is null or a.what = 'withdrawal') and o.checkpoint <= a.until
                     and (o.checkpoint, o.tx_index) >= (a.checkpoint, a.tx_index)
                     and (o.checkpoint, o.tx_index, 'withdrawal', o.object_id)
                       > (a.checkpoint, a.tx_index, a.after_what, a.subject)
                   order by 1, 2, 6 limit a.fetch)
                  union all
                  -- A file as a whole, at its last checkpoint: how many of its events are ours too.
                  (select f.last_checkpoint, -1, coalesce(h.tx_digest, f.blob_id), coalesce(f.walrus_epoch, 0), 'event_blob',
                     null, f.events, f.events - f.missing - f.altered - f.surplus - f.moved,
                     f.missing + f.altered + f.surplus + f.moved
                   from event_blob_audit f
                   left join lateral (select h.tx_digest from event_blob_head h where h.blob_id = f.blob_id limit 1) h on true
                   where f.events is not null and (f.outcome = 'differs' or not a.only_mismatches)
                     and (a.what is null or a.what = 'event_blob') and f.last_checkpoint <= a.until
                     and (f.last_checkpoint, -1, 'event_blob', ''::bytea) > (a.checkpoint, a.tx_index, a.after_what, a.subject)
                   order by 1 limit a.fetch)
                  union all
                  -- Each transaction whose events differ; -1 where we do not know it.
                  (select d.checkpoint, d.tx_index, d.tx_digest, d.epoch, d.what, null,
                     case d.what when 'event_surplus' then 0 else d.events end,
                     case d.what when 'event_surplus' then d.events else 0 end,
                     case d.what when 'event_surplus' then - d.events else d.events end
                   from (
                     select d.checkpoint, coalesce(t.tx_index, -1) as tx_index, min(d.tx_digest) as tx_digest,
                       coalesce(min(f.walrus_epoch), 0) as epoch, 'event_' || d.what as what, count(*) as events
                     from event_blob_difference d join event_blob_audit f using (blob_id)
                     left join transaction t on t.digest = d.tx_digest
                     group by d.checkpoint, coalesce(t.tx_index, -1), d.what) d
                   where (a.what is null or d.what = a.what) and d.checkpoint <= a.until
                     and (d.checkpoint, d.tx_index, d.what, ''::bytea) > (a.checkpoint, a.tx_index, a.after_what, a.subject)
                   order by 1, 2, 5 limit a.fetch)) c
                order by c.checkpoint, c.tx_index, c.what, c.subject nulls first
                limit ?
                """,
                row -> new CheckView(
                        row.number("checkpoint"),
                        row.digest("tx_digest"),
                        row.integer("tx_index"),
                        row.number("epoch"),
                        row.text("what"),
                        row.addressOrNull("subject"),
                        row.amount("expected"),
                        row.amount("derived"),
                        row.amount("residual")),
                onlyMismatches,
                what,
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -2),
                page.afterText(2),
                page.afterBytes(3),
                page.fetch(),
                page.fetch());
    }

    /** How many checks do not agree, by check; those that all agree are not in it. */
    public static Map<String, Long> mismatches(Snapshot db) {
        var mismatches = new HashMap<String, Long>();
        db.list("""
                select what, count(*) as mismatches from (
                  select what from reconciliation where residual <> 0
                  union all
                  select what from stake_reconciliation where residual <> 0
                  union all
                  select 'withdrawal' from stake_operation where residual <> 0
                  union all
                  select 'event_blob' from event_blob_audit where outcome = 'differs'
                  union all
                  select distinct_tx.what from (
                    select distinct d.checkpoint, coalesce(t.tx_index, -1), 'event_' || d.what as what
                    from event_blob_difference d left join transaction t on t.digest = d.tx_digest) distinct_tx) each
                group by what
                """, row -> mismatches.put(row.text("what"), row.number("mismatches")));
        return mismatches;
    }
}
