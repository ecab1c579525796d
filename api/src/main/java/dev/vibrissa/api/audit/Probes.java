package dev.vibrissa.api.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.api.audit.AuditViews.Attempt;
import dev.vibrissa.api.audit.AuditViews.FailureView;
import dev.vibrissa.api.audit.AuditViews.ProbeAnswer;
import dev.vibrissa.api.audit.AuditViews.ProbeView;
import dev.vibrissa.api.audit.AuditViews.QuorumView;
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

/** Reads probes, and tells the words that describe one. */
public final class Probes {
    public static final List<String> DEPTHS = List.of("CLAIM", "SYMBOL", "SLIVER");
    public static final List<String> BLAMES =
            List.of("NODE", "NODE_OR_NETWORK", "NETWORK", "PROBER", "CHAIN", "POLICY", "CLIENT");
    public static final List<String> VERDICTS = List.of(
            "served",
            "slow",
            "missing",
            "corrupt",
            "wrong-identity",
            "unreachable",
            "refused-by-policy",
            "epoch-skew",
            "inconclusive");

    private static final long MOST_SHARDS = 65_536;

    /**
     * Which probes; empty: all.
     *
     * @param askedFrom the first moment that is in it
     * @param askedBefore the first that is not
     */
    record Filter(
            Optional<SuiAddress> node,
            Optional<BlobId> blob,
            Optional<Long> epoch,
            Optional<RoundId> round,
            Optional<String> verdict,
            Optional<String> blame,
            Optional<String> depth,
            Optional<Long> shard,
            Optional<Instant> askedFrom,
            Optional<Instant> askedBefore) {
        static Filter of(
                @Nullable String nodeId,
                @Nullable String blobId,
                @Nullable String epoch,
                @Nullable String round,
                @Nullable String verdict,
                @Nullable String blame,
                @Nullable String depth,
                @Nullable String shard,
                @Nullable String askedFrom,
                @Nullable String askedBefore) {
            return new Filter(
                    Input.optional(nodeId, text -> Input.address("nodeId", text)),
                    Input.optional(blobId, text -> Input.blobId("blobId", text)),
                    Input.optional(epoch, text -> Input.epoch("epoch", text)),
                    Input.optional(round, text -> RoundId.parse("round", text)),
                    Input.optional(verdict, text -> Input.oneOf("verdict", text, VERDICTS)),
                    Input.optional(blame, text -> Input.oneOf("blame", upper(text), BLAMES)),
                    Input.optional(depth, text -> Input.oneOf("depth", upper(text), DEPTHS)),
                    Input.optional(shard, text -> Input.whole("shard", text, 0, MOST_SHARDS - 1)),
                    Input.optional(askedFrom, text -> Input.instant("askedFrom", text)),
                    Input.optional(askedBefore, text -> Input.instant("askedBefore", text)));
        }

        /** node-or-network is NODE_OR_NETWORK. */
        private static String upper(String text) {
            return text.toUpperCase(Locale.ROOT).replace('-', '_');
        }
    }

    /** Its two question marks are until when findings are seen. */
    private static final String SELECT = """
            select p.*, l.line, q.blame as quorum_blame, q.vantages as quorum_vantages, q.found_at as quorum_found_at,
              exists (select from contradiction c where c.failed_probe = p.probe_id and c.found_at <= ?) as contradicted
            from probe p
              join log_entry l on l.prover = p.prover and l.sequence = p.log_sequence
              left join quorum_finding q on q.probe_id = p.probe_id and q.found_at <= ?
            """;

    private static final String NEWEST_FIRST = """
            order by asked_at desc, probe_id desc limit ?
            """;

    private Probes() {}

    /** Conditions that are given, and no others, so that each plan is made for those. */
    private static final class Where {
        private final List<String> conditions = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        Where and(String condition, Object... values) {
            conditions.add(condition);
            this.values.addAll(List.of(values));
            return this;
        }

        <T> Where and(String condition, Optional<T> value) {
            value.ifPresent(each -> and(condition, each));
            return this;
        }

        String sql() {
            return "where " + String.join("\n  and ", conditions) + "\n";
        }
    }

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
        if (filter.blame().isEmpty()) {
            Where where = where(moment, filter, page, onlyFailures);
            return db.list(SELECT + where.sql() + NEWEST_FIRST, reader, values(moment, page, where));
        }
        // The vantage blames one, a quorum maybe another: either is found, each by its own index.
        Object blame = filter.blame().get();
        Where own = where(moment, filter, page, onlyFailures).and("p.blame = ?", blame);
        Where quorum = where(moment, filter, page, onlyFailures)
                .and("p.blame is distinct from ?", blame)
                .and("q.blame = ?", blame);
        var values = new ArrayList<>(List.of(values(moment, page, own)));
        values.addAll(List.of(values(moment, page, quorum)));
        values.add(page.fetch());
        return db.list(
                "(%s) union all (%s)".formatted(SELECT + own.sql() + NEWEST_FIRST, SELECT + quorum.sql() + NEWEST_FIRST)
                        + NEWEST_FIRST,
                reader,
                values.toArray());
    }

    /** All but blame. What was asked before a moment and judged after it was not known then. */
    private static Where where(Moment moment, Filter filter, PageRequest page, boolean onlyFailures) {
        var where = new Where()
                .and("p.node_id = ?", filter.node())
                .and("p.blob_id = ?", filter.blob())
                .and(
                        "p.walrus_epoch = ?",
                        filter.epoch().or(() -> filter.round().map(RoundId::epoch)))
                .and("p.round = ?", filter.round().map(RoundId::round))
                .and("p.prover = decode(?, 'hex')", filter.round().flatMap(RoundId::prover))
                .and("p.verdict = ?", filter.verdict())
                .and("p.depth = ?", filter.depth())
                .and("p.shard = ?", filter.shard())
                .and("p.asked_at >= ?", filter.askedFrom())
                .and("p.asked_at < ?", filter.askedBefore())
                .and("(p.asked_at, p.probe_id) < (?, ?)", after(page), page.afterBytes(1));
        if (onlyFailures) {
            where.and("p.verdict not in ('served', 'slow')");
        }
        if (moment.past()) {
            Instant until = AuditLogs.until(moment);
            where.and("p.asked_at <= ?", until).and("l.at <= ?", until);
        }
        return where;
    }

    private static Object[] values(Moment moment, PageRequest page, Where where) {
        Instant until = AuditLogs.until(moment);
        var values = new ArrayList<Object>(List.of(until, until));
        values.addAll(where.values);
        values.add(page.fetch());
        return values.toArray();
    }

    private static Instant after(PageRequest page) {
        return AuditLogs.ofMicros(page.afterNumber(0, AuditLogs.lastMicros()));
    }

    /** Where a probe stands in the order of lists. */
    static List<String> key(ProbeView probe) {
        return List.of(Long.toString(AuditLogs.micros(probe.askedAt())), probe.probeId());
    }

    static ProbeAnswer find(Snapshot db, Moment moment, String probeId) {
        Instant until = AuditLogs.until(moment);
        return db.first(
                        SELECT + "where p.probe_id = ? and l.at <= ?",
                        row -> new ProbeAnswer(
                                moment.asOf(),
                                view(row),
                                AuditLogs.json(row.text("line")).path("body"),
                                AuditLogs.evidence(db, moment, row.bytes("prover"), row.number("log_sequence"))),
                        until,
                        until,
                        HexFormat.of().parseHex(probeId),
                        until)
                .orElseThrow(() -> ProblemException.notFound(
                        "no probe %s as of %s".formatted(probeId, moment.asOf().timestamp())));
    }

    /** Every shard of which a symbol or a sliver of the blob was asked for by one vantage: by that, or by the leading one. */
    static List<ShardView> availability(
            Snapshot db, Moment moment, BlobId blob, @Nullable String prover, PageRequest page) {
        var where = new Where()
                .and("p.blob_id = ?", blob)
                .and("p.depth <> 'CLAIM'")
                .and("p.prover = ?", (Object) AuditLogs.askedOrLead(db, prover))
                .and("p.shard > ?", page.afterNumber(0, -1));
        String judged = "";
        if (moment.past()) {
            judged = "join log_entry l on l.prover = p.prover and l.sequence = p.log_sequence\n";
            where.and("l.at <= ?", AuditLogs.until(moment));
        }
        where.values.add(page.fetch());
        return db.list(
                """
                select distinct on (p.shard) p.shard, p.node_id, p.probe_id, p.asked_at, p.verdict, p.blame,
                  count(*) filter (where p.blame is null) over same as proven,
                  count(*) filter (where p.blame is not null) over same as not_proven,
                  min(p.asked_at) filter (where p.blame is null) over same as first_proven_at,
                  max(p.asked_at) filter (where p.blame is null) over same as last_proven_at
                from probe p
                """ + judged + where.sql() + """
                window same as (partition by p.shard)
                order by p.shard, p.asked_at desc, p.probe_id desc limit ?
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
                where.values.toArray());
    }

    private static ProbeView view(Row row) throws SQLException {
        String prover = AuditLogs.hex(row, "prover");
        String quorumBlame = row.textOrNull("quorum_blame");
        return new ProbeView(
                AuditLogs.hex(row, "probe_id"),
                row.number("walrus_epoch"),
                "%d-%d-%s".formatted(row.number("walrus_epoch"), row.number("round"), prover),
                prover,
                row.address("node_id"),
                row.blobId("blob_id"),
                row.integer("shard"),
                row.text("depth"),
                row.instant("asked_at"),
                row.integer("wave"),
                row.text("verdict"),
                row.textOrNull("blame"),
                row.bool("counts"),
                quorumBlame == null
                        ? null
                        : new QuorumView(quorumBlame, row.integer("quorum_vantages"), row.instant("quorum_found_at")),
                row.bool("contradicted"),
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
