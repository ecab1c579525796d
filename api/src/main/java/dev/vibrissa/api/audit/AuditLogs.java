package dev.vibrissa.api.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vibrissa.api.audit.AuditViews.LogEvidence;
import dev.vibrissa.api.audit.AuditViews.LogLine;
import dev.vibrissa.api.audit.AuditViews.ProverView;
import dev.vibrissa.api.audit.AuditViews.RootView;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the logs of the provers. */
final class AuditLogs {
    static final Pattern PROVER = Pattern.compile("[0-9a-f]{64}");
    private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");
    private static final JsonMapper JSON = new JsonMapper();

    private AuditLogs() {}

    /** Differs whenever anything was added to any log, and so to what follows from them, or another one leads. */
    static String heads(Snapshot db) {
        return db.one("""
                select coalesce(
                  string_agg(concat_ws(' ', prover, next_sequence, admitted_at, revoked_at), ', ' order by prover), '') as heads
                from prover join log_head using (prover)
                """, row -> row.text("heads"));
    }

    /** Until when audits are shown: all of them now, in the past those of its time. */
    static Instant until(Moment moment) {
        return moment.past() ? moment.asOf().timestamp() : NEVER;
    }

    /** A later moment than any. */
    static long lastMicros() {
        return micros(NEVER);
    }

    /**
     * The log that leads: the first that was admitted and is not revoked. All vantages ask the same, and one sample is not
     * three.
     */
    static Optional<String> lead(Snapshot db) {
        return db.first("""
                select prover from prover join log_head using (prover)
                where admitted_at is not null and revoked_at is null order by admitted_at, prover limit 1
                """, row -> hex(row, "prover"));
    }

    /** The key of the log that is asked for, or of the one that leads; empty, which no key is: there is none. */
    static byte[] askedOrLead(Snapshot db, @Nullable String asked) {
        return HexFormat.of().parseHex(asked != null ? asked : lead(db).orElse(""));
    }

    static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    static Instant ofMicros(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    static String hex(Row row, String column) throws SQLException {
        return HexFormat.of().formatHex(row.bytes(column));
    }

    /** What the verifier stored, as it is. */
    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored record is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    static List<ProverView> provers(Snapshot db) {
        return db.list(
                "select * from prover join log_head using (prover) order by admitted_at nulls last, prover",
                row -> new ProverView(
                        hex(row, "prover"),
                        row.text("name"),
                        row.instantOrNull("admitted_at"),
                        row.instantOrNull("revoked_at"),
                        row.number("next_sequence"),
                        row.number("rooted_up_to"),
                        row.instant("last_root_at")));
    }

    /** 32 bytes in hex. */
    static String prover(String text) {
        if (!PROVER.matcher(text).matches()) {
            throw ProblemException.badInput(
                    "prover", "prover is a key of 64 hex digits, not '%s'".formatted(ProblemException.shortened(text)));
        }
        return text;
    }

    /** The log that is asked for, or the only one. */
    static byte[] only(Snapshot db, Optional<String> asked) {
        List<String> known = provers(db).stream().map(ProverView::prover).toList();
        if (asked.isPresent() && !known.contains(asked.get())) {
            throw ProblemException.notFound("no log of %s is here".formatted(asked.get()));
        }
        if (known.isEmpty()) {
            throw ProblemException.notFound("nothing was audited yet");
        }
        if (asked.isEmpty() && known.size() > 1) {
            throw ProblemException.badInput(
                    "prover",
                    "there are %d logs; name one of them: %s".formatted(known.size(), String.join(", ", known)));
        }
        return HexFormat.of().parseHex(asked.orElseGet(known::getFirst));
    }

    static List<LogLine> lines(Snapshot db, Moment moment, byte[] prover, long from, PageRequest page) {
        return db.list(
                """
                select * from log_entry
                where prover = ? and sequence >= ? and at <= ?
                order by sequence limit ?
                """, AuditLogs::line, prover, Math.max(from, page.afterNumber(0, -1) + 1), until(moment), page.fetch());
    }

    static LogLine line(Row row) throws SQLException {
        return new LogLine(
                row.number("sequence"), row.instant("at"), row.text("kind"), hex(row, "hash"), row.text("line"));
    }

    static List<RootView> roots(Snapshot db, Moment moment, byte[] prover, PageRequest page) {
        return db.list(
                """
                select * from log_entry
                where prover = ? and kind = 'ROOT' and sequence > ? and at <= ? order by sequence limit ?
                """,
                row -> {
                    JsonNode body = json(row.text("line")).path("body");
                    return new RootView(
                            row.number("sequence"),
                            row.instant("at"),
                            body.path("first").asLong(),
                            body.path("last").asLong(),
                            body.path("root").asText(),
                            body.path("signature").asText(),
                            row.text("line"));
                },
                prover,
                page.afterNumber(0, -1),
                until(moment),
                page.fetch());
    }

    /** An entry with the root above it, if there is one by now. */
    static LogEvidence signed(Snapshot db, byte[] prover, LogLine entry) {
        return new LogEvidence(HexFormat.of().formatHex(prover), entry, rootAbove(db, prover, entry.sequence(), NEVER));
    }

    private static @Nullable LogLine rootAbove(Snapshot db, byte[] prover, long sequence, Instant until) {
        return db.first("""
                select * from log_entry where prover = ? and kind = 'ROOT' and sequence > ? and at <= ?
                order by sequence limit 1
                """, AuditLogs::line, prover, sequence, until).orElse(null);
    }

    /** The root above it as of the moment: what was signed later was not there yet. */
    static LogEvidence evidence(Snapshot db, Moment moment, byte[] prover, long sequence) {
        LogLine entry =
                db.one("select * from log_entry where prover = ? and sequence = ?", AuditLogs::line, prover, sequence);
        return new LogEvidence(HexFormat.of().formatHex(prover), entry, rootAbove(db, prover, sequence, until(moment)));
    }
}
