package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.LogEntry;
import dev.vibrissa.verifier.score.Basis;
import dev.vibrissa.verifier.score.Latency;
import dev.vibrissa.verifier.score.NodeHour;
import dev.vibrissa.verifier.score.NodeScore;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts of probes by node and hour: from the log, in the database, and the scores that follow. */
public final class Hours {
    private static final double MIB = 1 << 20;

    /** Below this a rate per byte says nothing but the latency. */
    static final long LEAST_BYTES = 4 << 10;

    static final Duration WINDOW = Duration.ofDays(30);

    private Hours() {}

    /** What one probe adds. */
    static NodeHour of(ProbeRecord probe) {
        var last = probe.answers().getLast();
        boolean served = probe.blame().isEmpty();
        long bytes = last.timing().bodyBytes();
        double millis = last.timing().total().toNanos() / 1e6;
        return new NodeHour(
                probe.nodeId(),
                probe.answers().getFirst().askedAt().truncatedTo(ChronoUnit.HOURS),
                probe.walrusEpoch(),
                probe.draw().depth().name(),
                probe.verdict(),
                probe.blame().map(Enum::name).orElse(""),
                probe.counts(),
                1,
                bytes,
                Latency.one(served, millis),
                Latency.one(served && bytes >= LEAST_BYTES, millis * MIB / Math.max(bytes, 1)));
    }

    private static String key(NodeHour hour) {
        return String.join(
                " ",
                hour.nodeId().toString(),
                hour.hour().toString(),
                Long.toString(hour.walrusEpoch()),
                hour.depth(),
                hour.verdict(),
                hour.blame(),
                Boolean.toString(hour.counts()));
    }

    private static NodeHour sum(NodeHour one, NodeHour other) {
        return new NodeHour(
                one.nodeId(),
                one.hour(),
                one.walrusEpoch(),
                one.depth(),
                one.verdict(),
                one.blame(),
                one.counts(),
                one.probes() + other.probes(),
                one.bytes() + other.bytes(),
                Latency.sum(one.latency(), other.latency()),
                Latency.sum(one.latencyPerMib(), other.latencyPerMib()));
    }

    /** All counts that follow from a log, by a key that names what is counted. */
    public static Map<String, NodeHour> ofLog(Stream<String> lines) {
        var hours = new TreeMap<String, NodeHour>();
        lines.map(LogEntry::parse)
                .filter(each -> each.envelope().kind() == LogEntry.Kind.PROBE)
                .map(each -> of(each.body(ProbeRecord.class)))
                .forEach(each -> hours.merge(key(each), each, Hours::sum));
        return hours;
    }

    /** All counts that follow from the logs in the database, by the same keys. */
    public static Map<String, NodeHour> ofLogs(Connection db) throws SQLException {
        var hours = new TreeMap<String, NodeHour>();
        try (var select =
                db.prepareStatement("select line from log_entry where kind = 'PROBE' order by prover, sequence")) {
            select.setFetchSize(1_000);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    NodeHour hour = of(LogEntry.parse(row.getString(1)).body(ProbeRecord.class));
                    hours.merge(key(hour), hour, Hours::sum);
                }
            }
        }
        return hours;
    }

    /** How many of the scores that are served do not follow from the logs in the database. */
    public static long differingScores(Connection db) throws SQLException {
        var byBasis = new TreeMap<Basis, List<NodeScore>>(
                Comparator.comparingLong(Basis::size).thenComparing(Basis::at).thenComparing(Basis::toString));
        try (var select = db.prepareStatement("select record from node_score");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                NodeScore stored = AuditJson.read(row.getString(1), NodeScore.class);
                byBasis.computeIfAbsent(stored.basis(), _ -> new ArrayList<>()).add(stored);
            }
        }
        long differing = 0;
        var folded = new TreeMap<String, NodeHour>();
        var upTo = new Basis(Instant.EPOCH, Map.of());
        for (var each : byBasis.entrySet()) {
            if (!each.getKey().covers(upTo)) {
                // Two provers may each have seen more of their own log than of the other's.
                folded.clear();
                upTo = new Basis(Instant.EPOCH, Map.of());
            }
            fold(db, upTo, each.getKey(), folded);
            upTo = each.getKey();
            Map<SuiAddress, List<NodeHour>> byNode =
                    folded.values().stream().collect(Collectors.groupingBy(NodeHour::nodeId));
            for (NodeScore stored : each.getValue()) {
                var again = scores(
                        byNode.getOrDefault(stored.nodeId(), List.of()),
                        stored.nodeId(),
                        stored.methodology(),
                        stored.walrusEpoch(),
                        stored.basis());
                differing += again.contains(stored) ? 0 : 1;
            }
        }
        return differing;
    }

    private static void fold(Connection db, Basis from, Basis to, Map<String, NodeHour> hours) throws SQLException {
        try (var select = db.prepareStatement("""
                select line from log_entry where prover = ? and sequence >= ? and sequence < ? and kind = 'PROBE'
                order by sequence
                """)) {
            select.setFetchSize(1_000);
            for (var each : to.entries().entrySet()) {
                select.setBytes(1, Bytes.parseHex(each.getKey()).toByteArray());
                select.setLong(2, from.entries().getOrDefault(each.getKey(), 0L));
                select.setLong(3, each.getValue());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        NodeHour hour = of(LogEntry.parse(row.getString(1)).body(ProbeRecord.class));
                        hours.merge(key(hour), hour, Hours::sum);
                    }
                }
            }
        }
    }

    /** All counts in the database, by the same keys. */
    public static Map<String, NodeHour> stored(Connection db) throws SQLException {
        var hours = new TreeMap<String, NodeHour>();
        try (var select = db.prepareStatement("select * from node_hour");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                NodeHour each = hour(row);
                hours.put(key(each), each);
            }
        }
        return hours;
    }

    static void add(Connection db, ProbeRecord probe) throws SQLException {
        NodeHour hour = of(probe);
        try (var insert = db.prepareStatement("""
                insert into node_hour as h (node_id, hour, walrus_epoch, depth, verdict, blame, counts, probes, bytes,
                  latency, latency_per_mib)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (node_id, hour, walrus_epoch, depth, verdict, blame, counts) do update set
                  probes = h.probes + excluded.probes,
                  bytes = h.bytes + excluded.bytes,
                  latency = (select array_agg(a + b order by i)
                    from unnest(h.latency, excluded.latency) with ordinality as t (a, b, i)),
                  latency_per_mib = (select array_agg(a + b order by i)
                    from unnest(h.latency_per_mib, excluded.latency_per_mib) with ordinality as t (a, b, i))
                """)) {
            insert.setBytes(1, hour.nodeId().toByteArray());
            insert.setObject(2, hour.hour().atOffset(ZoneOffset.UTC));
            insert.setLong(3, hour.walrusEpoch());
            insert.setString(4, hour.depth());
            insert.setString(5, hour.verdict());
            insert.setString(6, hour.blame());
            insert.setBoolean(7, hour.counts());
            insert.setLong(8, hour.probes());
            insert.setLong(9, hour.bytes());
            insert.setArray(10, db.createArrayOf("int8", hour.latency().toArray()));
            insert.setArray(11, db.createArrayOf("int8", hour.latencyPerMib().toArray()));
            insert.executeUpdate();
        }
    }

    /** The scores of a node at the end of an epoch's rounds so far, in each window. */
    static List<NodeScore> scores(Connection db, SuiAddress node, String methodology, long epoch, Instant now)
            throws SQLException {
        // One statement, and so one state of the database: the counts, and how far each log is in them.
        try (var select = db.prepareStatement("""
                select l.logs, l.entries, h.*
                from (select array_agg(encode(prover, 'hex') order by prover) as logs,
                        array_agg(next_sequence order by prover) as entries from log_head) l
                  left join node_hour h on h.node_id = ?
                """)) {
            select.setBytes(1, node.toByteArray());
            try (ResultSet row = select.executeQuery()) {
                var entries = new HashMap<String, Long>();
                var hours = new ArrayList<NodeHour>();
                while (row.next()) {
                    if (entries.isEmpty() && row.getArray("logs") != null) {
                        String[] logs = (String[]) row.getArray("logs").getArray();
                        List<Long> counts = longs(row.getArray("entries"));
                        for (int i = 0; i < logs.length; i++) {
                            entries.put(logs[i], counts.get(i));
                        }
                    }
                    if (row.getBytes("node_id") != null) {
                        hours.add(hour(row));
                    }
                }
                return scores(hours, node, methodology, epoch, new Basis(now, entries));
            }
        }
    }

    /** The scores that follow from all hours of a node. */
    public static List<NodeScore> scores(
            List<NodeHour> hours, SuiAddress node, String methodology, long epoch, Basis basis) {
        Instant from = basis.at().minus(WINDOW).truncatedTo(ChronoUnit.HOURS);
        return List.of(
                NodeScore.of(
                        node,
                        methodology,
                        "epoch",
                        epoch,
                        basis,
                        hours.stream()
                                .filter(each -> each.walrusEpoch() == epoch)
                                .toList()),
                NodeScore.of(
                        node,
                        methodology,
                        "30d",
                        epoch,
                        basis,
                        hours.stream().filter(each -> each.hour().isAfter(from)).toList()),
                NodeScore.of(node, methodology, "all", epoch, basis, hours));
    }

    static void store(Connection db, NodeScore score, Instant now) throws SQLException {
        try (var insert = db.prepareStatement("""
                insert into node_score (node_id, window_name, walrus_epoch, methodology, enough, rank, record, computed_at)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (node_id, window_name, walrus_epoch) do update set
                  methodology = excluded.methodology, enough = excluded.enough, rank = excluded.rank,
                  record = excluded.record, computed_at = excluded.computed_at
                """)) {
            insert.setBytes(1, score.nodeId().toByteArray());
            insert.setString(2, score.window());
            insert.setLong(3, score.walrusEpoch());
            insert.setString(4, score.methodology());
            insert.setBoolean(5, score.enough());
            insert.setDouble(6, score.rank());
            insert.setString(7, AuditJson.text(score));
            insert.setObject(8, now.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    private static NodeHour hour(ResultSet row) throws SQLException {
        return new NodeHour(
                new SuiAddress(row.getBytes("node_id")),
                row.getObject("hour", OffsetDateTime.class).toInstant(),
                row.getLong("walrus_epoch"),
                row.getString("depth"),
                row.getString("verdict"),
                row.getString("blame"),
                row.getBoolean("counts"),
                row.getLong("probes"),
                row.getLong("bytes"),
                longs(row.getArray("latency")),
                longs(row.getArray("latency_per_mib")));
    }

    private static List<Long> longs(Array array) throws SQLException {
        return Arrays.asList((Long[]) array.getArray());
    }
}
