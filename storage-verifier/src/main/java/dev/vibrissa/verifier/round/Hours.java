package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.LogEntry;
import dev.vibrissa.verifier.evidence.LogFormatException;
import dev.vibrissa.verifier.node.Blame;
import dev.vibrissa.verifier.sample.Depth;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /**
     * What one probe adds.
     *
     * @param announced maintenance that the log knew of by then
     */
    static NodeHour of(Bytes prover, ProbeRecord probe, List<MaintenanceRecord> announced) {
        var last = probe.answers().getLast();
        Instant askedAt = probe.answers().getFirst().askedAt();
        boolean served = probe.blame().isEmpty();
        long bytes = last.timing().bodyBytes();
        // From the first question on, as a reader waits.
        double millis = Duration.between(askedAt, last.askedAt())
                        .plus(last.timing().total())
                        .toNanos()
                / 1e6;
        return new NodeHour(
                prover,
                probe.nodeId(),
                askedAt.truncatedTo(ChronoUnit.HOURS),
                probe.walrusEpoch(),
                probe.draw().depth().name(),
                probe.verdict(),
                probe.blame().map(Enum::name).orElse(""),
                probe.counts(),
                announced.stream().anyMatch(each -> each.covers(probe.nodeId(), askedAt)),
                1,
                probe.draw().chance().weight(),
                square(probe.draw().chance().weight()),
                bytes,
                Latency.one(served, millis),
                Latency.one(served && bytes >= LEAST_BYTES, millis * MIB / Math.max(bytes, 1)));
    }

    /**
     * What a finding of several vantages adds, beside the probe that it is about.
     *
     * @throws LogFormatException if the finding does not follow from the words
     */
    static NodeHour of(Bytes prover, QuorumRecord found, List<MaintenanceRecord> announced) {
        if (!Quorum.finding(found.admitted(), found.words()).equals(Optional.of(found.blame()))) {
            throw new LogFormatException(
                    "the words about probe %s do not come to %s".formatted(found.probeId(), found.blame()));
        }
        return new NodeHour(
                prover,
                found.nodeId(),
                found.askedAt().truncatedTo(ChronoUnit.HOURS),
                found.walrusEpoch(),
                found.depth(),
                found.verdict() + NodeHour.BY_QUORUM,
                found.blame().name(),
                found.blame() == Blame.NODE && !found.depth().equals(Depth.CLAIM.name()),
                announced.stream().anyMatch(each -> each.covers(found.nodeId(), found.askedAt())),
                1,
                found.weight(),
                square(found.weight()),
                0,
                Latency.one(false, 0),
                Latency.one(false, 0));
    }

    private static double square(long weight) {
        return (double) weight * weight;
    }

    private static String key(NodeHour hour) {
        return String.join(
                " ",
                hour.prover().toString(),
                hour.nodeId().toString(),
                hour.hour().toString(),
                Long.toString(hour.walrusEpoch()),
                hour.depth(),
                hour.verdict(),
                hour.blame(),
                Boolean.toString(hour.counts()),
                Boolean.toString(hour.maintained()));
    }

    private static NodeHour sum(NodeHour one, NodeHour other) {
        return new NodeHour(
                one.prover(),
                one.nodeId(),
                one.hour(),
                one.walrusEpoch(),
                one.depth(),
                one.verdict(),
                one.blame(),
                one.counts(),
                one.maintained(),
                one.probes() + other.probes(),
                one.weight() + other.weight(),
                one.weightSquares() + other.weightSquares(),
                one.bytes() + other.bytes(),
                Latency.sum(one.latency(), other.latency()),
                Latency.sum(one.latencyPerMib(), other.latencyPerMib()));
    }

    /** Folds lines of logs, each log in its order, in constant space but for what it counts. */
    private static final class Fold {
        private final TreeMap<String, NodeHour> hours = new TreeMap<>();
        private final Map<Bytes, List<MaintenanceRecord>> announced = new HashMap<>();

        void add(String line) {
            LogEntry entry = LogEntry.parse(line);
            Bytes prover = entry.envelope().prover();
            List<MaintenanceRecord> known = announced.computeIfAbsent(prover, _ -> new ArrayList<>());
            switch (entry.envelope().kind()) {
                case MAINTENANCE -> known.add(entry.body(MaintenanceRecord.class));
                case PROBE -> count(of(prover, entry.body(ProbeRecord.class), known));
                case QUORUM -> count(of(prover, entry.body(QuorumRecord.class), known));
                case BEGIN, FRAME, ROUND, OUTAGE, CONTRADICTION, ROOT -> {}
            }
        }

        /** Entries of a log from one sequence on, up to another. */
        void add(Connection db, Bytes prover, long from, long to) throws SQLException {
            try (var select = db.prepareStatement("""
                    select line from log_entry
                    where prover = ? and sequence >= ? and sequence < ? and kind in ('PROBE', 'QUORUM', 'MAINTENANCE')
                    order by sequence
                    """)) {
                select.setBytes(1, prover.toByteArray());
                select.setLong(2, from);
                select.setLong(3, to);
                select.setFetchSize(1_000);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        add(row.getString(1));
                    }
                }
            }
        }

        private void count(NodeHour hour) {
            hours.merge(key(hour), hour, Hours::sum);
        }
    }

    /** All counts that follow from a log, by a key that names what is counted. */
    public static Map<String, NodeHour> ofLog(Stream<String> lines) {
        var fold = new Fold();
        lines.forEachOrdered(fold::add);
        return fold.hours;
    }

    /** All counts that follow from the logs in the database, by the same keys. */
    public static Map<String, NodeHour> ofLogs(Connection db) throws SQLException {
        var fold = new Fold();
        try (var select = db.prepareStatement("""
                select line from log_entry where kind in ('PROBE', 'QUORUM', 'MAINTENANCE') order by prover, sequence
                """)) {
            select.setFetchSize(1_000);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    fold.add(row.getString(1));
                }
            }
        }
        return fold.hours;
    }

    /**
     * How many of the scores that are served do not follow from the log that they name, or are not what the record says.
     * Each log is read once, and nothing is held but its counts; for that the connection must not commit by itself.
     */
    public static long differingScores(Connection db) throws SQLException {
        long differing = 0;
        try (var select = db.prepareStatement(
                "select * from node_score order by prover, (record::jsonb #>> '{basis,entries}')::bigint")) {
            select.setFetchSize(1_000);
            try (ResultSet row = select.executeQuery()) {
                var fold = new Fold();
                var upTo = new Basis(Instant.EPOCH, Bytes.EMPTY, 0);
                Map<SuiAddress, List<NodeHour>> byNode = Map.of();
                while (row.next()) {
                    NodeScore stored = AuditJson.read(row.getString("record"), NodeScore.class);
                    Basis basis = stored.basis();
                    if (!isShownAsRecorded(row, stored)) {
                        differing++;
                        continue;
                    }
                    if (!basis.prover().equals(upTo.prover())) {
                        fold = new Fold();
                        upTo = new Basis(Instant.EPOCH, basis.prover(), 0);
                        byNode = Map.of();
                    }
                    if (basis.entries() > upTo.entries()) {
                        fold.add(db, basis.prover(), upTo.entries(), basis.entries());
                        upTo = basis;
                        byNode = fold.hours.values().stream().collect(Collectors.groupingBy(NodeHour::nodeId));
                    }
                    List<NodeScore> again = scores(
                            byNode.getOrDefault(stored.nodeId(), List.of()),
                            stored.nodeId(),
                            stored.methodology(),
                            stored.walrusEpoch(),
                            basis);
                    differing += again.contains(stored) ? 0 : 1;
                }
            }
        }
        return differing;
    }

    /** Whoever ranks reads the columns, and whoever checks the record. */
    private static boolean isShownAsRecorded(ResultSet row, NodeScore record) throws SQLException {
        return Bytes.of(row.getBytes("prover")).equals(record.basis().prover())
                && new SuiAddress(row.getBytes("node_id")).equals(record.nodeId())
                && row.getString("window_name").equals(record.window())
                && row.getLong("walrus_epoch") == record.walrusEpoch()
                && row.getString("methodology").equals(record.methodology())
                && row.getBoolean("enough") == record.enough()
                && Double.compare(row.getDouble("rank"), record.rank()) == 0
                && Double.compare(row.getDouble("low"), record.wilson().low()) == 0
                && Double.compare(row.getDouble("high"), record.wilson().high()) == 0;
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

    static void add(Connection db, Bytes prover, ProbeRecord probe) throws SQLException {
        add(db, of(prover, probe, Announcements.of(db, prover, probe.nodeId())));
    }

    static void add(Connection db, Bytes prover, QuorumRecord found) throws SQLException {
        add(db, of(prover, found, Announcements.of(db, prover, found.nodeId())));
    }

    private static void add(Connection db, NodeHour hour) throws SQLException {
        try (var insert = db.prepareStatement("""
                insert into node_hour as h (node_id, hour, walrus_epoch, depth, verdict, blame, counts, probes, bytes,
                  latency, latency_per_mib, maintained, prover, weight, weight_squares)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (node_id, hour, walrus_epoch, depth, verdict, blame, counts, maintained, prover) do update set
                  probes = h.probes + excluded.probes,
                  weight = h.weight + excluded.weight,
                  weight_squares = h.weight_squares + excluded.weight_squares,
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
            insert.setBoolean(12, hour.maintained());
            insert.setBytes(13, hour.prover().toByteArray());
            insert.setLong(14, hour.weight());
            insert.setDouble(15, hour.weightSquares());
            insert.executeUpdate();
        }
    }

    /** The scores of a node at the end of an epoch's rounds so far, in each window, by one log. */
    static List<NodeScore> scores(
            Connection db, Bytes prover, SuiAddress node, String methodology, long epoch, Instant now)
            throws SQLException {
        // One statement, and so one state of the database: the counts, and how much of the log is in them.
        try (var select = db.prepareStatement("""
                select l.next_sequence, h.*
                from log_head l left join node_hour h on h.node_id = ? and h.prover = l.prover
                where l.prover = ?
                """)) {
            select.setBytes(1, node.toByteArray());
            select.setBytes(2, prover.toByteArray());
            try (ResultSet row = select.executeQuery()) {
                long entries = 0;
                var hours = new ArrayList<NodeHour>();
                while (row.next()) {
                    entries = row.getLong("next_sequence");
                    if (row.getBytes("node_id") != null) {
                        hours.add(hour(row));
                    }
                }
                return scores(hours, node, methodology, epoch, new Basis(now, prover, entries));
            }
        }
    }

    /** The scores that follow from all hours of a node in one log. */
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
                insert into node_score (node_id, window_name, walrus_epoch, methodology, enough, rank, record, prover, computed_at,
                  low, high)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (node_id, window_name, computed_at) do update set
                  walrus_epoch = excluded.walrus_epoch, methodology = excluded.methodology, enough = excluded.enough,
                  rank = excluded.rank, low = excluded.low, high = excluded.high, record = excluded.record,
                  prover = excluded.prover
                """)) {
            insert.setBytes(1, score.nodeId().toByteArray());
            insert.setString(2, score.window());
            insert.setLong(3, score.walrusEpoch());
            insert.setString(4, score.methodology());
            insert.setBoolean(5, score.enough());
            insert.setDouble(6, score.rank());
            insert.setString(7, AuditJson.text(score));
            insert.setBytes(8, score.basis().prover().toByteArray());
            insert.setObject(9, now.atOffset(ZoneOffset.UTC));
            insert.setDouble(10, score.wilson().low());
            insert.setDouble(11, score.wilson().high());
            insert.executeUpdate();
        }
    }

    private static NodeHour hour(ResultSet row) throws SQLException {
        return new NodeHour(
                Bytes.of(row.getBytes("prover")),
                new SuiAddress(row.getBytes("node_id")),
                row.getObject("hour", OffsetDateTime.class).toInstant(),
                row.getLong("walrus_epoch"),
                row.getString("depth"),
                row.getString("verdict"),
                row.getString("blame"),
                row.getBoolean("counts"),
                row.getBoolean("maintained"),
                row.getLong("probes"),
                row.getLong("weight"),
                row.getDouble("weight_squares"),
                row.getLong("bytes"),
                longs(row.getArray("latency")),
                longs(row.getArray("latency_per_mib")));
    }

    private static List<Long> longs(Array array) throws SQLException {
        return Arrays.asList((Long[]) array.getArray());
    }
}
