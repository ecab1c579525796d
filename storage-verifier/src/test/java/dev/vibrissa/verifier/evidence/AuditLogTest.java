package dev.vibrissa.verifier.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    @TempDir
    Path directory = Path.of("");

    private static final class HandClock extends Clock {
        private Instant now = Instant.parse("2026-11-21T10:00:00.123456789Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }

        void pass(Duration duration) {
            now = now.plus(duration);
        }
    }

    private List<String> log() throws Exception {
        var clock = new HandClock();
        try (var database = TestDatabase.migrated();
                Connection db = database.connect()) {
            var log = new AuditLog(LogKey.in(directory.resolve("key")), clock);
            log.begin(db, "here", Map.of("network", "custom"));
            for (int i = 0; i < 10; i++) {
                log.append(db, LogEntry.Kind.PROBE, AuditJson.MAPPER.valueToTree(Map.of("number", i, "text", "ä\n")));
                clock.pass(Duration.ofMinutes(25));
            }
            // Again from the same file, as after a restart.
            var again = new AuditLog(LogKey.in(directory.resolve("key")), clock);
            again.begin(db, "here", Map.of("network", "custom"));
            again.append(db, LogEntry.Kind.PROBE, AuditJson.MAPPER.valueToTree(Map.of("number", 10)));
            again.sign(db);
            again.append(db, LogEntry.Kind.PROBE, AuditJson.MAPPER.valueToTree(Map.of("number", 11)));
            return lines(db);
        }
    }

    private static List<String> lines(Connection db) throws SQLException {
        var lines = new ArrayList<String>();
        try (var select = db.createStatement();
                var rows = select.executeQuery("select line from log_entry order by sequence")) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }

    @Test
    void isIntactAcrossHoursAndRestarts() throws Exception {
        List<String> log = log();
        LogKey key = LogKey.in(directory.resolve("key"));
        // 13 entries and a root each hour in which one was added: after 75, 150 and 225 minutes, 250 having none due.
        assertThat(LogCheck.of(log.stream(), Optional.of(key.publicKey())))
                .isEqualTo(new LogCheck.Finding.Intact(key.publicKey(), 17, 4, 2));
    }

    @Test
    void anyFlippedByteShows() throws Exception {
        List<String> log = log();
        for (int line = 0; line < log.size() - 2; line++) {
            for (int at = 0; at < log.get(line).length(); at += 31) {
                var damaged = new ArrayList<>(log);
                var text = new StringBuilder(log.get(line));
                text.setCharAt(at, (char) (text.charAt(at) ^ 1));
                damaged.set(line, text.toString());
                assertThat(LogCheck.of(damaged.stream(), Optional.empty()))
                        .describedAs("line %d, character %d", line, at)
                        .isInstanceOf(LogCheck.Finding.Broken.class);
            }
        }
    }

    @Test
    void aLineThatIsLeftOutDoubledOrMovedShows() throws Exception {
        List<String> log = log();
        for (int line = 0; line < log.size() - 2; line++) {
            var without = new ArrayList<>(log);
            without.remove(line);
            var doubled = new ArrayList<>(log);
            doubled.add(line, log.get(line));
            var moved = new ArrayList<>(log);
            moved.set(line, log.get(line + 1));
            moved.set(line + 1, log.get(line));
            assertThat(List.of(without, doubled, moved))
                    .allSatisfy(each -> assertThat(LogCheck.of(each.stream(), Optional.empty()))
                            .isInstanceOf(LogCheck.Finding.Broken.class));
        }
    }

    @Test
    void whoRewritesTheLogNeedsTheKey() throws Exception {
        List<String> log = log();
        LogKey other = LogKey.in(directory.resolve("other"));
        assertThat(LogCheck.of(log.stream(), Optional.of(other.publicKey())))
                .isInstanceOf(LogCheck.Finding.Broken.class);
        // All made again and chained anew after a change: only the signature tells.
        var forged = new ArrayList<String>();
        var previous = LogEntry.NO_PREVIOUS;
        for (String line : log) {
            var envelope = LogEntry.parse(line.replaceFirst("\"number\":1(?=[,}])", "\"number\":100"))
                    .envelope();
            var tree = new HashTree.Builder();
            var body = envelope.body();
            if (envelope.kind() == LogEntry.Kind.ROOT) {
                var root = LogEntry.parse(line).body(LogRoot.class);
                forged.subList((int) root.first(), (int) root.last() + 1).forEach(each -> tree.add(LogRoot.leaf(each)));
                body = AuditJson.MAPPER.valueToTree(
                        new LogRoot(root.first(), root.last(), tree.root(), root.signature()));
            }
            var entry = LogEntry.of(new LogEntry.Envelope(
                    1, envelope.prover(), envelope.sequence(), previous, envelope.at(), envelope.kind(), body));
            forged.add(entry.line());
            previous = entry.hash();
        }
        assertThat(LogCheck.of(forged.stream(), Optional.empty()))
                .isInstanceOfSatisfying(
                        LogCheck.Finding.Broken.class,
                        broken -> assertThat(broken.why()).contains("is not signed by"));
    }

    @Test
    void theKeyIsForNobodyElseToRead() throws Exception {
        LogKey.in(directory.resolve("key"));
        assertThat(Files.getPosixFilePermissions(directory.resolve("key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
}
