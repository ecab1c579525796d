package dev.vibrissa.api.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.api.audit.AuditViews.FrameEvent;
import dev.vibrissa.api.audit.AuditViews.LogEvidence;
import dev.vibrissa.api.audit.AuditViews.LogLine;
import dev.vibrissa.api.sql.Snapshot;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a log tells as it grows: frames with their signature, rounds, failures and contradictions. */
public final class AuditStream {
    /** Entries looked at in one go, most of which are probes that were served. */
    private static final long MOST_LOOKED_AT = 5_000;

    private static final int MOST_EVENTS = 100;

    private AuditStream() {}

    /**
     * Up to where somebody has heard a log.
     *
     * @param prover key of the log, in hex
     * @param next the first entry not heard
     */
    public record Position(String prover, long next) {}

    /**
     * @param sequence of its entry
     * @param name frame, round, failure or contradiction
     */
    public record Event(long sequence, String name, Object data) {}

    /** @param next where to go on */
    public record Heard(List<Event> events, Position next) {}

    /**
     * The key of a log, in hex.
     *
     * @throws dev.vibrissa.api.problem.ProblemException if it is none
     */
    public static String prover(String text) {
        return AuditLogs.prover(text);
    }

    /** The end of the log that is asked for, or of the one that leads; of a log that is not here yet, its beginning. */
    public static Position end(Snapshot db, @Nullable String prover) {
        byte[] key = AuditLogs.askedOrLead(db, prover);
        long next = db.first(
                        "select next_sequence from log_head where prover = ?", row -> row.number("next_sequence"), key)
                .orElse(0L);
        return new Position(HexFormat.of().formatHex(key), next);
    }

    /** What follows a position, as far as one look goes. */
    public static Heard after(Snapshot db, Position position) {
        byte[] prover = HexFormat.of().parseHex(position.prover());
        long end = Math.min(end(db, position.prover()).next(), position.next() + MOST_LOOKED_AT);
        List<LogLine> lines = db.list("""
                select l.* from log_entry l
                where l.prover = ? and l.sequence >= ? and l.sequence < ?
                  and (l.kind in ('FRAME', 'ROUND', 'CONTRADICTION')
                    or l.kind = 'PROBE' and l.line !~ '"verdict":"(served|slow)"')
                order by l.sequence limit ?
                """, AuditLogs::line, prover, position.next(), end, MOST_EVENTS);
        var events = new ArrayList<Event>();
        for (LogLine line : lines) {
            if (line.kind().equals("FRAME")) {
                LogEvidence evidence = AuditLogs.signed(db, prover, line);
                if (evidence.root() == null) {
                    // Its signature follows at once: without it nobody could hold us to the frame.
                    return new Heard(events, new Position(position.prover(), line.sequence()));
                }
                events.add(new Event(line.sequence(), "frame", frame(evidence, evidence.root())));
            } else {
                events.add(new Event(line.sequence(), name(line.kind()), line));
            }
        }
        long next = lines.size() == MOST_EVENTS ? lines.getLast().sequence() + 1 : Math.max(end, position.next());
        return new Heard(events, new Position(position.prover(), next));
    }

    private static String name(String kind) {
        return switch (kind) {
            case "ROUND" -> "round";
            case "PROBE" -> "failure";
            case "CONTRADICTION" -> "contradiction";
            default -> throw new IllegalStateException("entries of kind %s are no events".formatted(kind));
        };
    }

    private static FrameEvent frame(LogEvidence evidence, LogLine root) {
        JsonNode frame = AuditLogs.json(evidence.entry().line()).path("body");
        return new FrameEvent(
                frame.path("walrusEpoch").asLong(),
                frame.path("root").asText(),
                frame.path("strata").valueStream().mapToLong(JsonNode::asLong).sum(),
                frame.path("observedCheckpoint").asLong(),
                frame.path("firstSeedHeight").asLong(),
                frame.path("seedInterval").asLong(),
                AuditLogs.json(root.line()).path("body").path("signature").asText(),
                evidence);
    }
}
