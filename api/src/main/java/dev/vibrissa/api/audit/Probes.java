package dev.vibrissa.api.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.api.audit.AuditViews.Attempt;
import dev.vibrissa.api.audit.AuditViews.FailureView;
import dev.vibrissa.api.audit.AuditViews.ProbeAnswer;
import dev.vibrissa.api.audit.AuditViews.ProbeView;
import dev.vibrissa.api.audit.AuditViews.ShardView;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads probes. */
final class Probes {
    static final List<String> DEPTHS = List.of("CLAIM", "SYMBOL", "SLIVER");
    static final List<String> BLAMES =
            List.of("NODE", "NODE_OR_NETWORK", "NETWORK", "PROBER", "CHAIN", "POLICY", "CLIENT");
    static final List<String> VERDICTS = List.of(
            "served",
            "slow",
            "missing",
            "corrupt",
            "wrong-identity",
            "unreachable",
            "refused-by-policy",
            "epoch-skew",
            "inconclusive");

    /** Which probes; empty: all. */
    record Filter(
            Optional<SuiAddress> node,
            Optional<BlobId> blob,
            Optional<Long> epoch,
            Optional<RoundId> round,
            Optional<String> verdict,
            Optional<String> blame,
            Optional<String> depth) {
        static Filter of(
                @Nullable String nodeId,
                @Nullable String blobId,
                @Nullable String epoch,
                @Nullable String round,
                @Nullable String verdict,
                @Nullable String blame,
                @Nullable String depth) {
            return new Filter(
                    Input.optional(nodeId, text -> Input.address("nodeId", text)),
                    Input.optional(blobId, text -> Input.blobId("blobId", text)),
                    Input.optional(epoch, text -> Input.epoch("epoch", text)),
                    Input.optional(round, text -> RoundId.parse("round", text)),
                    Input.optional(verdict, text -> Input.oneOf("verdict", text, VERDICTS)),
                    Input.optional(blame, text -> Input.oneOf("blame", upper(text), BLAMES)),
                    Input.optional(depth, text -> Input.oneOf("depth", upper(text), DEPTHS)));
        }

        /** node-or-network is NODE_OR_NETWORK. */
        private static String upper(String text) {
            return text.toUpperCase(Locale.ROOT).replace('-', '_');
        }
    }

    private static final String SELECT = """
            select p.*, l.line from probe p join log_entry l on l.prover = p.prover and l.sequence = p.log_sequence
            """;

    private Probes() {}

    /** From the newest on. */
    static List<ProbeView> list(Snapshot db, Moment moment, Filter filter, PageRequest page) {
        return list(db, moment, filter, page, false, Probes::view);
    }

    /** The same of those that were not served, with their reasons. */
    static List<FailureView> failures(Snapshot db, Moment moment, Filter filter, PageRequest page) {
        return list(
                db,
                moment,
                filter,
                page,
                true,
                row -> new FailureView(view(row), attempts(AuditLogs.json(row.text("line")))));
    }

    private static <T> List<T> list(
            Snapshot db,
            Moment moment,
            Filter filter,
            PageRequest page,
            boolean onlyFailures,
            Snapshot.RowReader<T> reader) {
        SuiAddress node = filter.node().orElse(null);
        BlobId blob = filter.blob().orElse(null);
        Long epoch = filter.epoch().or(() -> filter.round().map(RoundId::epoch)).orElse(null);
        Long round = filter.round().map(RoundId::round).orElse(null);
        String prover = filter.round().flatMap(RoundId::prover).orElse(null);
        String verdict = filter.verdict().orElse(null);
        String blame = filter.blame().orElse(null);
        String depth = filter.depth().orElse(null);
        String failures = onlyFailures ? "and p.verdict not in ('served', 'slow')\n" : "";
        return db.list(
                SELECT + """
                where p.asked_at <= ? and (p.asked_at, p.probe_id) < (?, ?)
                  and (?::bytea is null or p.node_id = ?) and (?::bytea is null or p.blob_id = ?)
                  and (?::bigint is null or p.walrus_epoch = ?) and (?::bigint is null or p.round = ?)
                  and (?::text is null or p.prover = decode(?, 'hex'))
                  and (?::text is null or p.verdict = ?) and (?::text is null or p.blame = ?)
                  and (?::text is null or p.depth = ?)
                """ + failures + """
                order by p.asked_at desc, p.probe_id desc limit ?
                """,
                reader,
                AuditLogs.until(moment),
                after(page),
                page.afterBytes(1),
                node,
                node,
                blob,
                blob,
                epoch,
                epoch,
                round,
                round,
                prover,
                prover,
                verdict,
                verdict,
                blame,
                blame,
                depth,
                depth,
                page.fetch());
    }

    private static Instant after(PageRequest page) {
        return AuditLogs.ofMicros(page.afterNumber(0, AuditLogs.lastMicros()));
    }

    /** Where a probe stands in the order of lists. */
    static List<String> key(ProbeView probe) {
        return List.of(Long.toString(AuditLogs.micros(probe.askedAt())), probe.probeId());
    }

    static ProbeAnswer find(Snapshot db, Moment moment, String probeId) {
        return db.first(
                        SELECT + "where p.probe_id = ?",
                        row -> new ProbeAnswer(
                                moment.asOf(),
                                view(row),
                                AuditLogs.json(row.text("line")).path("body"),
                                AuditLogs.evidence(db, row.bytes("prover"), row.number("log_sequence"))),
                        HexFormat.of().parseHex(probeId))
                .orElseThrow(() -> ProblemException.notFound("no probe %s".formatted(probeId)));
    }

    /** Every shard of which a symbol or a sliver of the blob was asked for. */
    static List<ShardView> availability(Snapshot db, Moment moment, BlobId blob, PageRequest page) {
        return db.list(
                """
                with asked as materialized (
                  select * from probe where blob_id = ? and depth <> 'CLAIM' and asked_at <= ?)
                select s.*, l.node_id, l.probe_id, l.asked_at, l.verdict, l.blame
                from (
                  select shard, count(*) filter (where blame is null) as proven,
                    count(*) filter (where blame is not null) as not_proven,
                    min(asked_at) filter (where blame is null) as first_proven_at,
                    max(asked_at) filter (where blame is null) as last_proven_at
                  from asked where shard > ? group by shard order by shard limit ?) s
                cross join lateral (
                  select * from asked a where a.shard = s.shard order by a.asked_at desc, a.probe_id desc limit 1) l
                order by s.shard
                """,
                row -> new ShardView(
                        row.integer("shard"),
                        row.address("node_id"),
                        row.instantOrNull("first_proven_at"),
                        row.instantOrNull("last_proven_at"),
                        row.number("proven"),
                        row.number("not_proven"),
                        row.instant("asked_at"),
                        AuditLogs.hex(row, "probe_id"),
                        row.text("verdict"),
                        row.textOrNull("blame")),
                blob,
                AuditLogs.until(moment),
                page.afterNumber(0, -1),
                page.fetch());
    }

    private static ProbeView view(Row row) throws SQLException {
        return new ProbeView(
                AuditLogs.hex(row, "probe_id"),
                row.number("walrus_epoch"),
                "%d-%d-%s".formatted(row.number("walrus_epoch"), row.number("round"), AuditLogs.hex(row, "prover")),
                row.address("node_id"),
                row.blobId("blob_id"),
                row.integer("shard"),
                row.text("depth"),
                row.instant("asked_at"),
                row.integer("wave"),
                row.text("verdict"),
                row.textOrNull("blame"),
                row.bool("counts"),
                row.text("said"),
                row.integer("attempts"),
                row.integer("millis"),
                row.number("body_bytes"),
                row.fraction("inclusion"),
                row.number("log_sequence"));
    }

    private static List<Attempt> attempts(JsonNode line) {
        var attempts = new ArrayList<Attempt>();
        for (JsonNode each : line.path("body").path("answers")) {
            JsonNode status = each.path("status");
            attempts.add(new Attempt(
                    Instant.parse(each.path("askedAt").asText()),
                    each.path("nodeId").asText(),
                    each.path("address").asText(),
                    text(each.path("peer")),
                    each.path("pinned").asBoolean(),
                    status.isNumber() ? (Integer) status.asInt() : null,
                    each.path("said").asText(),
                    each.path("detail").asText(),
                    text(each.path("bodyDigest")),
                    each.path("timing").path("total").asText()));
        }
        return attempts;
    }

    private static @Nullable String text(JsonNode value) {
        return value.isTextual() ? value.asText() : null;
    }
}
