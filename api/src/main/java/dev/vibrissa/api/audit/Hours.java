package dev.vibrissa.api.audit;

import dev.vibrissa.api.audit.HourResource.Blamed;
import dev.vibrissa.api.audit.HourResource.NodeHour;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what came of the probes of each hour, as the leading log counted them. */
final class Hours {
    private Hours() {}

    /** By node, then from the oldest hour on; an hour without probes has no row. */
    static List<NodeHour> list(Snapshot db, Moment moment, @Nullable SuiAddress node, int hours, PageRequest page) {
        return db.list(
                """
                with n as (
                  select distinct m.node_id from committee_member m
                  where ?::bytea is null and m.epoch between ? - 1 and ?
                  union select ?::bytea where ?::bytea is not null)
                select h.node_id, h.hour,
                  coalesce(sum(h.probes) filter (where h.blame = ''), 0)::bigint as served,
                  array_agg(h.blame order by h.blame, h.counts) filter (where h.blame <> '') as blames,
                  array_agg(h.counts::int::bigint order by h.blame, h.counts) filter (where h.blame <> '') as counted,
                  array_agg(h.probes order by h.blame, h.counts) filter (where h.blame <> '') as failures
                from n
                cross join lateral (
                  select x.node_id, x.hour, x.blame, x.counts, sum(x.probes)::bigint as probes from node_hour x
                  where x.node_id = n.node_id and x.prover = ?
                    and x.hour > date_trunc('hour', ?::timestamptz) - make_interval(hours => ?) and x.hour <= ?
                  group by x.node_id, x.hour, x.blame, x.counts) h
                where (h.node_id, h.hour) > (?::bytea, ?::timestamptz)
                group by h.node_id, h.hour
                order by h.node_id, h.hour
                limit ?
                """,
                Hours::hour,
                node,
                moment.epoch(),
                moment.epoch(),
                node,
                node,
                AuditLogs.askedOrLead(db, null),
                moment.asOf().timestamp(),
                hours,
                moment.asOf().timestamp(),
                page.afterBytes(0),
                AuditLogs.ofMicros(page.afterNumber(1, 0)),
                page.fetch());
    }

    private static NodeHour hour(Row row) throws SQLException {
        return new NodeHour(row.address("node_id"), row.instant("hour"), row.number("served"), blamed(row));
    }

    private static List<Blamed> blamed(Row row) throws SQLException {
        if (row.textOrNull("blames") == null) {
            return List.of();
        }
        var blames = row.texts("blames");
        var counted = row.numbers("counted");
        var failures = row.numbers("failures");
        var all = new ArrayList<Blamed>();
        for (int i = 0; i < blames.size(); i++) {
            all.add(new Blamed(blames.get(i), counted.get(i) == 1, failures.get(i)));
        }
        return List.copyOf(all);
    }
}
