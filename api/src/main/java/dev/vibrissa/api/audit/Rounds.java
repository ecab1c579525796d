package dev.vibrissa.api.audit;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.github.luben.zstd.Zstd;
import dev.vibrissa.api.audit.AuditViews.Count;
import dev.vibrissa.api.audit.AuditViews.OutageView;
import dev.vibrissa.api.audit.AuditViews.RoundAnswer;
import dev.vibrissa.api.audit.AuditViews.RoundView;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads rounds. */
final class Rounds {
    static final List<String> STATES = List.of("running", "done", "missed");

    /**
     * Rounds as they were at a moment, its only question mark: of an end to come nothing is told. Missed ones are known from
     * when the next one was begun.
     */
    private static final String SEEN = """
            with seen as (
              select r.walrus_epoch, r.round, r.prover, r.seed_height, r.seed_digest, r.record, r.log_sequence, r.started_at,
                case when r.ended_at > m.until then 'running' else r.state end as state,
                case when r.ended_at <= m.until then r.ended_at end as ended_at,
                case when r.ended_at <= m.until then r.draws else 0 end as draws,
                case when r.ended_at <= m.until then r.asked else 0 end as asked
              from (select ?::timestamptz as until) m cross join round r
              where coalesce(r.started_at, (
                select n.started_at from round n
                where n.walrus_epoch = r.walrus_epoch and n.prover = r.prover and n.round > r.round and n.state <> 'missed'
                order by n.round limit 1)) <= m.until)
            """;

    private Rounds() {}

    /** From the newest on. */
    static List<RoundView> list(
            Snapshot db, Moment moment, @Nullable Long epoch, @Nullable String state, PageRequest page) {
        return db.list(
                SEEN + """
                select * from seen
                where (?::bigint is null or walrus_epoch = ?) and (?::text is null or state = ?)
                  and (walrus_epoch, round, prover) < (?, ?, decode(?, 'hex'))
                order by walrus_epoch desc, round desc, prover desc limit ?
                """,
                Rounds::view,
                AuditLogs.until(moment),
                epoch,
                epoch,
                state,
                state,
                page.afterNumber(0, Long.MAX_VALUE),
                page.afterNumber(1, Long.MAX_VALUE),
                page.afterText(2),
                page.fetch());
    }

    static RoundAnswer find(Snapshot db, Moment moment, RoundId id) {
        byte[] prover = id.proverIn(db);
        return db.first(
                        SEEN + "select * from seen where walrus_epoch = ? and round = ? and prover = ?",
                        row -> {
                            Long sequence = row.numberOrNull("log_sequence");
                            String record = row.textOrNull("record");
                            return new RoundAnswer(
                                    moment.asOf(),
                                    view(row),
                                    counts(db, moment, id, prover),
                                    outages(db, moment, id, prover),
                                    record == null ? null : AuditLogs.json(record),
                                    sequence == null ? null : AuditLogs.evidence(db, moment, prover, sequence));
                        },
                        AuditLogs.until(moment),
                        id.epoch(),
                        id.round(),
                        prover)
                .orElseThrow(() -> ProblemException.notFound(
                        "no round %s as of %s".formatted(id, moment.asOf().timestamp())));
    }

    /** Claims are a node's word, and in no score; of what only silence met, a quorum decides. */
    private static List<Count> counts(Snapshot db, Moment moment, RoundId id, byte[] prover) {
        return db.list(
                """
                select depth, verdict, own_blame, blame, counts_alone, counts_alone or by_quorum as counts, count(*) as probes
                from (
                  select p.depth, p.verdict, p.blame as own_blame, coalesce(q.blame, p.blame) as blame,
                    p.counts and p.depth <> 'CLAIM' as counts_alone,
                    coalesce(q.blame = 'NODE' and p.depth <> 'CLAIM', false) as by_quorum
                  from probe p
                    join log_entry l on l.prover = p.prover and l.sequence = p.log_sequence
                    left join quorum_finding q on q.probe_id = p.probe_id and q.found_at <= ?
                  where p.walrus_epoch = ? and p.round = ? and p.prover = ? and l.at <= ?) asked
                group by depth, verdict, own_blame, blame, counts_alone, by_quorum
                order by depth, verdict, own_blame nulls first, blame nulls first, counts_alone, counts
                """,
                row -> new Count(
                        row.text("depth"),
                        row.text("verdict"),
                        row.textOrNull("own_blame"),
                        row.textOrNull("blame"),
                        row.bool("counts_alone"),
                        row.bool("counts"),
                        row.number("probes")),
                AuditLogs.until(moment),
                id.epoch(),
                id.round(),
                prover,
                AuditLogs.until(moment));
    }

    private static List<OutageView> outages(Snapshot db, Moment moment, RoundId id, byte[] prover) {
        return db.list(
                """
                select * from outage where walrus_epoch = ? and round = ? and prover = ? and ended_at <= ?
                order by log_sequence
                """,
                row -> new OutageView(row.instant("began_at"), row.instant("ended_at"), row.text("cause")),
                id.epoch(),
                id.round(),
                prover,
                AuditLogs.until(moment));
    }

    /** The file that {@code ./vibrissa replay} reads. */
    static String replay(Snapshot db, RoundId id) {
        byte[] prover = id.proverIn(db);
        String blobs = db.first(
                        "select blobs_zstd from replay where walrus_epoch = ? and round = ? and prover = ?",
                        row -> {
                            byte[] zstd = row.bytes("blobs_zstd");
                            // We compressed it ourselves, in one frame that names its size.
                            return new String(
                                    Zstd.decompress(zstd, (int) Zstd.getFrameContentSize(zstd)),
                                    StandardCharsets.UTF_8);
                        },
                        id.epoch(),
                        id.round(),
                        prover)
                .orElseThrow(() -> ProblemException.notFound("round %s was missed or is not done yet".formatted(id)));
        return "{\"frame\":%s,\"round\":%s,\"blobs\":%s,\"probes\":[%s],\"outages\":[%s]}"
                .formatted(
                        lines(db, """
                                select l.line from frame_vantage f
                                  join log_entry l on l.prover = f.prover and l.sequence = f.log_sequence
                                where f.walrus_epoch = ? and f.prover = ?
                                """, id.epoch(), prover),
                        lines(db, """
                                select l.line from round r
                                  join log_entry l on l.prover = r.prover and l.sequence = r.log_sequence
                                where r.walrus_epoch = ? and r.round = ? and r.prover = ?
                                """, id.epoch(), id.round(), prover),
                        blobs,
                        lines(db, """
                                select l.line from probe p
                                  join log_entry l on l.prover = p.prover and l.sequence = p.log_sequence
                                where p.walrus_epoch = ? and p.round = ? and p.prover = ? order by l.sequence
                                """, id.epoch(), id.round(), prover),
                        lines(db, """
                                select l.line from outage o
                                  join log_entry l on l.prover = o.prover and l.sequence = o.log_sequence
                                where o.walrus_epoch = ? and o.round = ? and o.prover = ? order by l.sequence
                                """, id.epoch(), id.round(), prover));
    }

    /** JSON strings, for lines are what was hashed. */
    private static String lines(Snapshot db, String sql, Object... values) {
        return db
                .list(
                        sql,
                        row -> "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(row.text("line")))
                                + "\"",
                        values)
                .stream()
                .collect(Collectors.joining(","));
    }

    private static RoundView view(Row row) throws SQLException {
        String prover = AuditLogs.hex(row, "prover");
        return new RoundView(
                "%d-%d-%s".formatted(row.number("walrus_epoch"), row.number("round"), prover),
                row.number("walrus_epoch"),
                row.number("round"),
                prover,
                row.number("seed_height"),
                row.digestOrNull("seed_digest"),
                row.text("state"),
                row.instantOrNull("started_at"),
                row.instantOrNull("ended_at"),
                row.integer("draws"),
                row.integer("asked"));
    }
}
