package dev.vibrissa.verifier.round;

import com.github.luben.zstd.Zstd;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.HashTree;
import dev.vibrissa.verifier.evidence.LogEntry;
import dev.vibrissa.verifier.evidence.LogFormatException;
import dev.vibrissa.verifier.sample.Draw;
import dev.vibrissa.verifier.sample.Draws;
import dev.vibrissa.verifier.sample.Frame;
import dev.vibrissa.verifier.sample.FrameBlob;
import dev.vibrissa.verifier.sample.FrameStore;
import dev.vibrissa.verifier.sample.Seed;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * All that a stranger needs to run a round again: log lines as they are, without proof that they stand in a signed log, and
 * the drawn blobs with their paths to the root that was published before the seed.
 *
 * @param frame line of the log
 * @param round line of the log
 * @param blobs each that was drawn, once
 * @param probes lines of the log
 * @param outages lines of the log
 */
public record ReplayBundle(String frame, String round, List<Placed> blobs, List<String> probes, List<String> outages) {
    /** @param path from the blob to the frame's root */
    public record Placed(long position, FrameBlob blob, List<Bytes> path) {
        public Placed {
            path = List.copyOf(path);
        }

        boolean isIn(Frame frame) {
            return HashTree.proves(HashTree.leaf(blob.encode()), position, frame.count(), path, frame.root());
        }
    }

    /** What running again gave. */
    public sealed interface Report {
        /**
         * @param draws of the round
         * @param asked of them
         */
        record Same(int draws, int asked) implements Report {}

        record Different(List<String> differences) implements Report {}
    }

    private static final int MOST_DIFFERENCES = 20;

    public ReplayBundle {
        blobs = List.copyOf(blobs);
        probes = List.copyOf(probes);
        outages = List.copyOf(outages);
    }

    /**
     * Collects the bundle of a round.
     *
     * @throws NoSuchElementException if the prover has no such round in its log
     */
    public static ReplayBundle of(Connection db, Bytes prover, long epoch, long round) throws SQLException {
        String roundLine = line(db, """
                select l.line from round r join log_entry l on l.prover = r.prover and l.sequence = r.log_sequence
                where r.prover = ? and r.walrus_epoch = ? and r.round = ?
                """, prover, epoch, round);
        String frameLine = line(db, """
                select l.line from frame_vantage f join log_entry l on l.prover = f.prover and l.sequence = f.log_sequence
                where f.prover = ? and f.walrus_epoch = ?
                """, prover, epoch);
        Frame frame = LogEntry.parse(frameLine).body(Frame.class);
        RoundRecord record = LogEntry.parse(roundLine).body(RoundRecord.class);
        return new ReplayBundle(
                frameLine,
                roundLine,
                placed(db, frame, record),
                lines(db, """
                        select l.line from probe p join log_entry l on l.prover = p.prover and l.sequence = p.log_sequence
                        where p.prover = ? and p.walrus_epoch = ? and p.round = ? order by l.sequence
                        """, prover, epoch, round),
                lines(db, """
                        select l.line from outage o join log_entry l on l.prover = o.prover and l.sequence = o.log_sequence
                        where o.prover = ? and o.walrus_epoch = ? and o.round = ? order by l.sequence
                        """, prover, epoch, round));
    }

    /** Blobs of a frame, by position. */
    static List<Placed> placed(Connection db, long epoch, List<Long> positions) throws SQLException {
        Map<Long, List<Bytes>> paths = FrameStore.paths(db, epoch, positions);
        return FrameStore.blobs(db, epoch, positions).entrySet().stream()
                .map(each -> new Placed(each.getKey(), each.getValue(), paths.getOrDefault(each.getKey(), List.of())))
                .toList();
    }

    private static List<Placed> placed(Connection db, Frame frame, RoundRecord round) throws SQLException {
        return placed(
                db,
                frame.walrusEpoch(),
                draws(frame, round).stream().map(Draw::position).distinct().toList());
    }

    /** Keeps what the log does not hold: whoever serves the round adds the lines. */
    static void store(Connection db, Bytes prover, Frame frame, RoundRecord round) throws SQLException {
        try (var insert = db.prepareStatement("""
                insert into replay (walrus_epoch, round, prover, blobs_zstd) values (?, ?, ?, ?)
                """)) {
            insert.setLong(1, round.walrusEpoch());
            insert.setLong(2, round.round());
            insert.setBytes(3, prover.toByteArray());
            insert.setBytes(
                    4, Zstd.compress(AuditJson.text(placed(db, frame, round)).getBytes(StandardCharsets.UTF_8)));
            insert.executeUpdate();
        }
    }

    private static String line(Connection db, String sql, Object... values) throws SQLException {
        List<String> lines = lines(db, sql, values);
        if (lines.isEmpty()) {
            throw new NoSuchElementException("no such round in the log");
        }
        return lines.getFirst();
    }

    private static List<String> lines(Connection db, String sql, Object... values) throws SQLException {
        try (var select = db.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                if (values[i] instanceof Bytes bytes) {
                    select.setBytes(i + 1, bytes.toByteArray());
                } else {
                    select.setObject(i + 1, values[i]);
                }
            }
            var lines = new ArrayList<String>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    lines.add(row.getString(1));
                }
            }
            return lines;
        }
    }

    private static List<Draw> draws(Frame frame, RoundRecord round) {
        var draws = new Draws(frame, new Seed(round.seed()));
        return IntStream.range(0, frame.members().size())
                .boxed()
                .flatMap(member -> draws.of(member, round.plan()).stream())
                .toList();
    }

    /**
     * Runs the round again, and compares every probe with what the log says of it.
     *
     * @throws LogFormatException if a line is no entry of the kind that is due
     */
    public Report replay() {
        var differences = new ArrayList<String>();
        LogEntry roundEntry = LogEntry.parse(round);
        Bytes prover = roundEntry.envelope().prover();
        Frame drawnFrom = LogEntry.parse(frame).body(Frame.class);
        RoundRecord record = roundEntry.body(RoundRecord.class);
        Stream.of(List.of(frame), probes, outages)
                .flatMap(List::stream)
                .map(each -> LogEntry.parse(each).envelope())
                .filter(each -> !each.prover().equals(prover))
                .forEach(each -> differences.add(
                        "entry %d is of the log of %s, not %s".formatted(each.sequence(), each.prover(), prover)));
        Map<Long, FrameBlob> byPosition = new HashMap<>();
        for (Placed each : blobs) {
            if (!each.isIn(drawnFrom)) {
                differences.add("blob %s is not at %d of the frame"
                        .formatted(each.blob().blobId(), each.position()));
            }
            byPosition.put(each.position(), each.blob());
        }
        List<Draw> draws = draws(drawnFrom, record);
        for (Draw draw : draws) {
            if (!byPosition.containsKey(draw.position())) {
                return new Report.Different(
                        List.of("the blob at %d of the frame is drawn and not given".formatted(draw.position())));
            }
        }
        var recorded = probes.stream()
                .map(each -> LogEntry.parse(each).body(ProbeRecord.class))
                .toList();
        Set<Integer> controlsFailed = new HashSet<>();
        for (String line : outages) {
            OutageRecord outage = LogEntry.parse(line).body(OutageRecord.class);
            if (outage.cause() == OutageRecord.Cause.CONTROLS_UNREACHABLE) {
                controlsFailed.add(outage.wave());
            }
        }
        try {
            List<ProbeRecord> again = Replay.of(
                    drawnFrom,
                    record,
                    prover,
                    byPosition,
                    recorded.stream().map(Replay.Raw::of).toList(),
                    controlsFailed);
            compare(recorded, again, differences);
        } catch (IllegalArgumentException e) {
            differences.add(String.valueOf(e.getMessage()));
        }
        return differences.isEmpty()
                ? new Report.Same(draws.size(), recorded.size())
                : new Report.Different(differences.subList(0, Math.min(MOST_DIFFERENCES, differences.size())));
    }

    private static void compare(List<ProbeRecord> recorded, List<ProbeRecord> again, List<String> differences) {
        Map<Bytes, ProbeRecord> byId = new HashMap<>();
        again.forEach(each -> byId.put(each.probeId(), each));
        for (ProbeRecord was : recorded) {
            ProbeRecord is = byId.remove(was.probeId());
            if (!was.equals(is)) {
                differences.add("probe %s was %s and is %s"
                        .formatted(was.probeId(), AuditJson.text(was), is == null ? "not drawn" : AuditJson.text(is)));
            }
        }
        byId.values().forEach(each -> differences.add("probe %s is not in the log".formatted(each.probeId())));
    }
}
