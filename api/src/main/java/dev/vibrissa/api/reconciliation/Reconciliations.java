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
            "pending_stake");

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
                   order by 1, 2, 6 limit a.fetch)) c
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
                  select 'withdrawal' from stake_operation where residual <> 0) each
                group by what
                """, row -> mismatches.put(row.text("what"), row.number("mismatches")));
        return mismatches;
    }
}
