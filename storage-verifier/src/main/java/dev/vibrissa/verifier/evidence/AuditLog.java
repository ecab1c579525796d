package dev.vibrissa.verifier.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.Turn;
import dev.vibrissa.protocol.bcs.Bytes;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * A prover's log in the database. Entries are appended in the caller's transaction, beside the rows that follow from
 * them, so that neither is ever without the other; the row of the head keeps two writers apart.
 */
public final class AuditLog {
    /** How long entries may wait for a signed root. */
    private static final Duration ROOT_INTERVAL = Duration.ofHours(1);

    private final LogKey key;
    private final Clock clock;

    public AuditLog(LogKey key, Clock clock) {
        this.key = key;
        this.clock = clock;
    }

    /** 32 bytes. */
    public Bytes prover() {
        return key.publicKey();
    }

    /**
     * The right to write this log.
     *
     * @return empty while another session has it: somebody else audits with this key
     */
    public Optional<Turn> tryTurn(Database database) throws SQLException {
        return Turn.tryTake(database, ByteBuffer.wrap(prover().toByteArray()).getLong());
    }

    /**
     * Makes sure that the log has begun, and that its prover is known. The first in a database is admitted at once, for
     * there is nobody to say otherwise; others wait for whoever runs it.
     *
     * @param name of the vantage, unless it has one
     * @param about where, and by which software
     */
    public void begin(Connection db, String name, Map<String, String> about) throws SQLException {
        try (var insert = db.prepareStatement("""
                insert into prover (prover, name, admitted_at)
                select ?, ?, case when not exists (select from prover) then now() end
                on conflict (prover) do nothing
                """)) {
            insert.setBytes(1, key.publicKey().toByteArray());
            insert.setString(2, name);
            insert.executeUpdate();
        }
        try (var insert = db.prepareStatement("""
                insert into log_head (prover, next_sequence, last_hash, rooted_up_to, last_root_at)
                values (?, 0, ?, 0, ?)
                on conflict do nothing
                """)) {
            insert.setBytes(1, key.publicKey().toByteArray());
            insert.setBytes(2, LogEntry.NO_PREVIOUS.toByteArray());
            insert.setObject(3, utc(clock.instant()));
            if (insert.executeUpdate() == 0) {
                return;
            }
        }
        append(db, LogEntry.Kind.BEGIN, AuditJson.MAPPER.valueToTree(about));
    }

    /**
     * Adds an entry; before it, if one is due, the root of those there are.
     *
     * @throws IllegalStateException if the log has not begun
     */
    public LogEntry append(Connection db, LogEntry.Kind kind, JsonNode body) throws SQLException {
        // What is hashed must be what a microsecond column gives back.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Head head = lock(db);
        if (head.sequence() > head.rootedUpTo()
                && !now.isBefore(head.lastRootAt().plus(ROOT_INTERVAL))) {
            head = root(db, head, now);
        }
        return add(db, head, now, kind, body).entry();
    }

    /** Signs the root that is due also where nothing is added. */
    public void signIfDue(Connection db) throws SQLException {
        if (!clock.instant().isBefore(lock(db).lastRootAt().plus(ROOT_INTERVAL))) {
            sign(db);
        }
    }

    /** Signs the root of all entries that have none. */
    public void sign(Connection db) throws SQLException {
        Head head = lock(db);
        // The root of the last root alone would vouch for nothing new.
        if (head.sequence() > head.rootedUpTo() + 1) {
            root(db, head, clock.instant().truncatedTo(ChronoUnit.MICROS));
        }
    }

    private record Head(long sequence, Bytes lastHash, long rootedUpTo, Instant lastRootAt) {}

    private record Added(LogEntry entry, Head head) {}

    private Head lock(Connection db) throws SQLException {
        try (var select = db.prepareStatement("""
                select next_sequence, last_hash, rooted_up_to, last_root_at from log_head where prover = ? for update
                """)) {
            select.setBytes(1, key.publicKey().toByteArray());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("the log of %s has not begun".formatted(key.publicKey()));
                }
                return new Head(
                        row.getLong(1),
                        Bytes.of(row.getBytes(2)),
                        row.getLong(3),
                        row.getObject(4, OffsetDateTime.class).toInstant());
            }
        }
    }

    private Head root(Connection db, Head head, Instant now) throws SQLException {
        var tree = new HashTree.Builder();
        try (var select = db.prepareStatement("""
                select line from log_entry where prover = ? and sequence >= ? order by sequence
                """)) {
            select.setBytes(1, key.publicKey().toByteArray());
            select.setLong(2, head.rootedUpTo());
            select.setFetchSize(1_000);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    tree.add(LogRoot.leaf(rows.getString(1)));
                }
            }
        }
        if (tree.count() != head.sequence() - head.rootedUpTo()) {
            throw new IllegalStateException("%d entries from %d on, where the head says %d"
                    .formatted(tree.count(), head.rootedUpTo(), head.sequence() - head.rootedUpTo()));
        }
        LogRoot root = LogRoot.signed(
                head.rootedUpTo(),
                head.sequence() - 1,
                tree.root(),
                envelope(head, now, LogEntry.Kind.ROOT, AuditJson.MAPPER.nullNode()),
                key);
        Head added = add(db, head, now, LogEntry.Kind.ROOT, AuditJson.MAPPER.valueToTree(root))
                .head();
        try (var update =
                db.prepareStatement("update log_head set rooted_up_to = ?, last_root_at = ? where prover = ?")) {
            update.setLong(1, head.sequence());
            update.setObject(2, utc(now));
            update.setBytes(3, key.publicKey().toByteArray());
            update.executeUpdate();
        }
        return new Head(added.sequence(), added.lastHash(), head.sequence(), now);
    }

    private LogEntry.Envelope envelope(Head head, Instant now, LogEntry.Kind kind, JsonNode body) {
        return new LogEntry.Envelope(1, key.publicKey(), head.sequence(), head.lastHash(), now, kind, body);
    }

    private Added add(Connection db, Head head, Instant now, LogEntry.Kind kind, JsonNode body) throws SQLException {
        LogEntry entry = LogEntry.of(envelope(head, now, kind, body));
        try (PreparedStatement insert = db.prepareStatement("""
                insert into log_entry (prover, sequence, hash, at, kind, line) values (?, ?, ?, ?, ?, ?)
                """)) {
            insert.setBytes(1, key.publicKey().toByteArray());
            insert.setLong(2, head.sequence());
            insert.setBytes(3, entry.hash().toByteArray());
            insert.setObject(4, utc(now));
            insert.setString(5, kind.name());
            insert.setString(6, entry.line());
            insert.executeUpdate();
        }
        try (var update =
                db.prepareStatement("update log_head set next_sequence = ?, last_hash = ? where prover = ?")) {
            update.setLong(1, head.sequence() + 1);
            update.setBytes(2, entry.hash().toByteArray());
            update.setBytes(3, key.publicKey().toByteArray());
            update.executeUpdate();
        }
        return new Added(entry, new Head(head.sequence() + 1, entry.hash(), head.rootedUpTo(), head.lastRootAt()));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
