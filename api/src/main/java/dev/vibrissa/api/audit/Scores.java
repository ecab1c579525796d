package dev.vibrissa.api.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.vibrissa.api.audit.AuditViews.Bucket;
import dev.vibrissa.api.audit.AuditViews.HourLatency;
import dev.vibrissa.api.audit.AuditViews.MaintenanceView;
import dev.vibrissa.api.audit.AuditViews.NetworkAvailability;
import dev.vibrissa.api.audit.AuditViews.PastScore;
import dev.vibrissa.api.audit.AuditViews.RankRange;
import dev.vibrissa.api.audit.AuditViews.RankedScore;
import dev.vibrissa.api.audit.AuditViews.ScoreAnswer;
import dev.vibrissa.api.audit.AuditViews.ScoreWindow;
import dev.vibrissa.api.audit.AuditViews.VerdictCount;
import dev.vibrissa.api.operator.Punctuality;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.methodology.WeightedShare;
import dev.vibrissa.protocol.methodology.Wilson;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads scores and latencies of operators, and the cases against them. */
final class Scores {
    /** Of the method: upper bounds of latency buckets grow by a quarter, from 1 ms on. */
    private static final double GROWTH = 1.25;

    private static final String NOT_IN_IT =
            "draws that were left out for their budget are not in it, nor what only one vantage got no answer to";

    private Scores() {}

    /** The last score of each window that was computed by then; of an epoch that is over, its last. */
    static ScoreAnswer of(Snapshot db, Moment moment, SuiAddress node, @Nullable Long epoch) {
        return new ScoreAnswer(
                moment.asOf(),
                node,
                db.list("""
                        select s.*, r.best, r.worst, r.ranked
                        from (values ('epoch'), ('30d'), ('all')) w (name)
                        cross join lateral (
                          select * from node_score
                          where node_id = ? and window_name = w.name and computed_at <= ?
                            and (?::bigint is null or walrus_epoch = ?)
                          order by computed_at desc limit 1) s
                        cross join lateral (
                          select 1 + count(*) filter (where o.low > s.high) as best,
                            count(*) - count(*) filter (where o.high < s.low) as worst,
                            count(*) as ranked
                          from committee_member m
                          cross join lateral (
                            select low, high, enough from node_score
                            where node_id = m.node_id and window_name = s.window_name and walrus_epoch = s.walrus_epoch
                              and computed_at <= ?
                            order by computed_at desc limit 1) o
                          where m.epoch = s.walrus_epoch and o.enough) r
                        order by case s.window_name when 'epoch' then 0 when '30d' then 1 else 2 end
                        """, Scores::window, node, AuditLogs.until(moment), epoch, epoch, AuditLogs.until(moment)),
                Punctuality.of(db, moment, node),
                db.list(
                        "select * from maintenance where node_id = ? and declared_at <= ? order by began_at desc limit 100",
                        row -> new MaintenanceView(
                                row.instant("began_at"),
                                row.instant("ended_at"),
                                row.text("reason"),
                                row.text("declared_by")),
                        node,
                        AuditLogs.until(moment)));
    }

    private static ScoreWindow window(Row row) throws SQLException {
        JsonNode score = AuditLogs.json(row.text("record"));
        long probes = score.path("served").asLong() + score.path("failed").asLong();
        boolean enough = row.bool("enough");
        return new ScoreWindow(
                row.text("window_name"),
                row.number("walrus_epoch"),
                row.instant("computed_at"),
                row.text("methodology"),
                probes,
                enough ? null : "too few probes (%d)".formatted(probes),
                enough ? new RankRange(row.number("best"), row.number("worst"), row.number("ranked")) : null,
                score);
    }

    /** From the newest on, one for each round. */
    static List<PastScore> history(
            Snapshot db, Moment moment, SuiAddress node, String window, @Nullable Long epoch, PageRequest page) {
        return db.list(
                """
                select * from node_score
                where node_id = ? and window_name = ? and computed_at <= ? and computed_at < ?
                  and (?::bigint is null or walrus_epoch = ?)
                order by computed_at desc limit ?
                """,
                row -> {
                    JsonNode score = AuditLogs.json(row.text("record"));
                    return new PastScore(
                            row.instant("computed_at"),
                            row.number("walrus_epoch"),
                            row.text("methodology"),
                            score.path("served").asLong(),
                            score.path("failed").asLong(),
                            row.bool("enough"),
                            row.fraction("rank"),
                            row.fraction("low"),
                            row.fraction("high"),
                            verdicts(score));
                },
                node,
                window,
                AuditLogs.until(moment),
                AuditLogs.ofMicros(page.afterNumber(0, AuditLogs.lastMicros())),
                epoch,
                epoch,
                page.fetch());
    }

    private static List<VerdictCount> verdicts(JsonNode score) {
        return score.path("verdicts").valueStream().map(Scores::verdict).toList();
    }

    private static VerdictCount verdict(JsonNode count) {
        String depth = count.path("depth").asText();
        String blame = count.path("blame").asText();
        return new VerdictCount(
                depth,
                count.path("verdict").asText(),
                blame.isEmpty() ? null : blame,
                count.path("counts").asBoolean() && !depth.equals("CLAIM"),
                count.path("probes").asLong());
    }

    /** The newest epoch in which a round was done. */
    static Optional<Long> newestEpoch(Snapshot db, Moment moment) {
        return db.one(
                "select max(walrus_epoch) as epoch from round where state = 'done' and ended_at <= ?",
                row -> Optional.ofNullable(row.numberOrNull("epoch")),
                AuditLogs.until(moment));
    }

    /** The members of an epoch's committee by the bound that ranks; those with too few probes last. */
    static List<RankedScore> ranking(Snapshot db, Moment moment, String window, long epoch) {
        return db.list(
                """
                with s as (
                  select m.node_id, m.weight, s.*
                  from committee_member m
                    cross join lateral (
                      select enough, rank, low, high, record, computed_at, methodology from node_score
                      where node_id = m.node_id and window_name = ? and walrus_epoch = ? and computed_at <= ?
                      order by computed_at desc limit 1) s
                  where m.epoch = ?)
                select s.*,
                  (select p.name from operator_profile p where p.node_id = s.node_id and p.checkpoint <= ?
                   order by p.checkpoint desc, p.tx_index desc limit 1) as name,
                  1 + (select count(*) from s o where o.enough and o.low > s.high) as best,
                  (select count(*) from s o where o.enough and o.high >= s.low) as worst,
                  (select count(*) from s o where o.enough) as ranked
                from s order by s.enough desc, s.rank desc, s.node_id
                """,
                row -> ranked(row, window, epoch),
                window,
                epoch,
                AuditLogs.until(moment),
                epoch,
                moment.checkpoint());
    }

    private static RankedScore ranked(Row row, String window, long epoch) throws SQLException {
        JsonNode score = AuditLogs.json(row.text("record"));
        boolean enough = row.bool("enough");
        return new RankedScore(
                row.address("node_id"),
                row.textOrNull("name"),
                row.number("weight"),
                window,
                epoch,
                row.instant("computed_at"),
                row.text("methodology"),
                score.path("served").asLong(),
                score.path("failed").asLong(),
                enough,
                row.fraction("rank"),
                row.fraction("low"),
                row.fraction("high"),
                score.path("weighted").isNumber()
                        ? (Double) score.path("weighted").asDouble()
                        : null,
                enough ? new RankRange(row.number("best"), row.number("worst"), row.number("ranked")) : null);
    }

    /** From the newest hour on; in the past those that had ended by then. */
    static List<HourLatency> latency(
            Snapshot db,
            Moment moment,
            SuiAddress node,
            @Nullable Long epoch,
            @Nullable String depth,
            PageRequest page) {
        return db.list(
                """
                select h.hour, h.walrus_epoch, h.depth, sum(h.probes) as probes,
                  array(select sum(u.n)::bigint from node_hour x cross join unnest(x.latency) with ordinality u (n, i)
                    where x.node_id = h.node_id and x.hour = h.hour and x.walrus_epoch = h.walrus_epoch
                      and x.depth = h.depth and x.prover = h.prover and x.blame = '' group by u.i order by u.i) as latency,
                  array(select sum(u.n)::bigint from node_hour x cross join unnest(x.latency_per_mib) with ordinality u (n, i)
                    where x.node_id = h.node_id and x.hour = h.hour and x.walrus_epoch = h.walrus_epoch
                      and x.depth = h.depth and x.prover = h.prover and x.blame = '' group by u.i order by u.i) as latency_per_mib
                from node_hour h
                where h.node_id = ? and h.prover = ? and h.blame = '' and h.hour <= ?::timestamptz - interval '1 hour'
                  and (?::bigint is null or h.walrus_epoch = ?)
                  and (?::text is null or h.depth = ?) and (h.hour, h.walrus_epoch, h.depth) < (?, ?, ?)
                group by h.node_id, h.prover, h.hour, h.walrus_epoch, h.depth
                order by h.hour desc, h.walrus_epoch desc, h.depth desc limit ?
                """,
                row -> new HourLatency(
                        row.instant("hour"),
                        row.number("walrus_epoch"),
                        row.text("depth"),
                        row.number("probes"),
                        buckets(row.numbers("latency")),
                        buckets(row.numbers("latency_per_mib"))),
                node,
                AuditLogs.askedOrLead(db, null),
                AuditLogs.until(moment),
                epoch,
                epoch,
                depth,
                depth,
                AuditLogs.ofMicros(page.afterNumber(0, AuditLogs.lastMicros())),
                page.afterNumber(1, Long.MAX_VALUE),
                page.afterText(2),
                page.fetch());
    }

    private static List<Bucket> buckets(List<Long> counts) {
        var buckets = new ArrayList<Bucket>();
        for (int i = 0; i < counts.size(); i++) {
            if (counts.get(i) > 0) {
                buckets.add(new Bucket(Math.rint(StrictMath.pow(GROWTH, i) * 1e4) / 1e4, counts.get(i)));
            }
        }
        return buckets;
    }

    /** The case as the verifier stored it: of an epoch, or the newest; of one log, or the one that leads. */
    static String dossier(Snapshot db, Moment moment, SuiAddress node, @Nullable Long epoch, @Nullable String prover) {
        record Kept(Instant madeAt, String file) {}
        List<Kept> kept = db.list(
                """
                select made_at, record from dossier
                where node_id = ? and (?::bigint is null or walrus_epoch = ?) and prover = ?
                order by (made_at <= ?) desc, walrus_epoch desc limit 1
                """,
                row -> new Kept(row.instant("made_at"), row.text("record")),
                node,
                epoch,
                epoch,
                AuditLogs.askedOrLead(db, prover),
                AuditLogs.until(moment));
        String of = "node %s%s".formatted(node, epoch == null ? "" : " in epoch " + epoch);
        if (kept.isEmpty()) {
            throw ProblemException.notFound("no case against %s: no probe that is done blames it".formatted(of));
        }
        Kept newest = kept.getFirst();
        if (newest.madeAt().isAfter(AuditLogs.until(moment))) {
            throw ProblemException.notFound("only the newest case against %s is kept, made at %s: none as of %s"
                    .formatted(of, newest.madeAt(), moment.asOf().timestamp()));
        }
        return newest.file();
    }

    /** What the score of a member adds; null: no scored probe. */
    private record Measured(
            long weight, long served, long failed, @Nullable WeightedShare share) {
        static Measured read(Row row) throws SQLException {
            String record = row.textOrNull("record");
            JsonNode score = record == null ? MissingNode.getInstance() : AuditLogs.json(record);
            return new Measured(
                    row.number("weight"),
                    score.path("served").asLong(),
                    score.path("failed").asLong(),
                    score.path("weighted").isNumber()
                            ? new WeightedShare(
                                    score.path("weighted").asDouble(),
                                    score.path("weightedError").asDouble(),
                                    score.path("weightedN").asDouble())
                            : null);
        }
    }

    /** What the scores of a committee's members add up to. */
    static NetworkAvailability network(Snapshot db, Moment moment, String window, long epoch) {
        List<Measured> members = db.list("""
                select m.weight, s.record
                from committee_member m
                left join lateral (
                  select record from node_score
                  where node_id = m.node_id and window_name = ? and walrus_epoch = ? and computed_at <= ?
                  order by computed_at desc limit 1) s on true
                where m.epoch = ? order by m.node_id
                """, Measured::read, window, epoch, AuditLogs.until(moment), epoch);
        var parts = new ArrayList<WeightedShare.Part>();
        long served = 0;
        long failed = 0;
        for (Measured each : members) {
            served += each.served();
            failed += each.failed();
            if (each.share() != null) {
                parts.add(new WeightedShare.Part(each.weight(), each.share()));
            }
        }
        Optional<WeightedShare> all = parts.isEmpty() ? Optional.empty() : Optional.of(WeightedShare.together(parts));
        Optional<Wilson> interval = all.map(WeightedShare::interval);
        return new NetworkAvailability(
                moment.asOf(),
                window,
                epoch,
                members.size(),
                parts.size(),
                served,
                failed,
                served + failed == 0 ? null : (Double) rounded((double) served / (served + failed)),
                all.map(each -> rounded(each.share())).orElse(null),
                interval.map(each -> rounded(each.low())).orElse(null),
                interval.map(each -> rounded(each.high())).orElse(null),
                NOT_IN_IT);
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e6) / 1e6;
    }

    /** Scores are of operators that there are. */
    static void requireOperator(Snapshot db, Moment moment, SuiAddress node) {
        if (db.first(
                        "select 1 from operator where node_id = ? and checkpoint <= ?",
                        _ -> true,
                        node,
                        moment.checkpoint())
                .isEmpty()) {
            throw ProblemException.notFound(
                    "no operator %s is known at checkpoint %d".formatted(node, moment.checkpoint()));
        }
    }
}
