package dev.vibrissa.api.maintenance;

import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.maintenance.MaintenanceNotice;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Takes declarations of maintenance, or says why not. */
public final class Declarations {
    /** Of one node in an epoch; the method of the audits says the same. */
    public static final Duration MOST_PER_EPOCH = Duration.ofHours(24);

    /** A notice takes a moment to be signed and sent; a past one would only explain failures away. */
    private static final Duration LATE = Duration.ofMinutes(5);

    private static final int MOST_REASON = 500;

    private Declarations() {}

    /** What became of a notice. */
    public sealed interface Outcome {
        /** @param declaredBy {@code operator} or {@code admin} */
        record Accepted(String declaredBy) implements Outcome {}

        /** Nobody who may say so said so. */
        record NotSigned(String why) implements Outcome {}

        record Refused(String field, String why) implements Outcome {}
    }

    /**
     * Keeps a notice for the verifiers; one transaction of its own.
     *
     * @param text as it came
     * @param admin whether an administrator vouches for it
     */
    public static Outcome accept(Connection db, MaintenanceNotice notice, String text, boolean admin, Instant now)
            throws SQLException {
        Optional<Keys> keys = lockedKeys(db, notice);
        if (keys.isEmpty()) {
            return new Outcome.Refused("nodeId", "no storage node has the id %s".formatted(notice.nodeId()));
        }
        if (notice.signed().isPresent() || !admin) {
            Optional<String> fault = notice.faultOf(keys.get().bls(), keys.get().network());
            if (fault.isPresent()) {
                return new Outcome.NotSigned(fault.get());
            }
        }
        Optional<Outcome> refused = refused(db, notice, now);
        if (refused.isPresent()) {
            return refused.get();
        }
        String declaredBy = notice.signed().isPresent() ? "operator" : "admin";
        try (var insert = db.prepareStatement("""
                insert into maintenance (node_id, began_at, ended_at, reason, declared_by, declared_at, record)
                values (?, ?, ?, ?, ?, ?, ?)
                """)) {
            insert.setBytes(1, notice.nodeId().toByteArray());
            insert.setObject(2, notice.from().atOffset(ZoneOffset.UTC));
            insert.setObject(3, notice.to().atOffset(ZoneOffset.UTC));
            insert.setString(4, notice.reason());
            insert.setString(5, declaredBy);
            insert.setObject(6, now.atOffset(ZoneOffset.UTC));
            insert.setString(7, text);
            insert.executeUpdate();
        }
        return new Outcome.Accepted(declaredBy);
    }

    private record Keys(KeyBytes bls, KeyBytes network) {}

    /** The node's declarations come one after the other: the cap is for all of them. */
    private static Optional<Keys> lockedKeys(Connection db, MaintenanceNotice notice) throws SQLException {
        try (var select = db.prepareStatement("""
                select public_key, network_public_key,
                  pg_advisory_xact_lock(hashtextextended('maintenance ' || encode(node_id, 'hex'), 0))
                from storage_node where node_id = ?
                """)) {
            select.setBytes(1, notice.nodeId().toByteArray());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Keys(new KeyBytes(row.getBytes(1)), new KeyBytes(row.getBytes(2))))
                        : Optional.empty();
            }
        }
    }

    private static Optional<Outcome> refused(Connection db, MaintenanceNotice notice, Instant now) throws SQLException {
        if (notice.from().isBefore(now.minus(LATE))) {
            return Optional.of(new Outcome.Refused(
                    "from", "maintenance is announced, not explained: %s is past".formatted(notice.from())));
        }
        if (notice.reason().length() > MOST_REASON) {
            return Optional.of(new Outcome.Refused(
                    "reason",
                    "a reason of %d characters, where %d are read"
                            .formatted(notice.reason().length(), MOST_REASON)));
        }
        try (var select = db.prepareStatement("""
                select coalesce(bool_or(began_at < ? and ended_at > ?), false),
                  coalesce(sum(extract(epoch from ended_at - began_at)), 0)::bigint
                from maintenance
                where node_id = ? and ended_at > coalesce((select max(started_at) from epoch), '-infinity')
                """)) {
            select.setObject(1, notice.to().atOffset(ZoneOffset.UTC));
            select.setObject(2, notice.from().atOffset(ZoneOffset.UTC));
            select.setBytes(3, notice.nodeId().toByteArray());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    return Optional.of(new Outcome.Refused("from", "part of that time is declared already"));
                }
                Duration all = Duration.ofSeconds(row.getLong(2)).plus(Duration.between(notice.from(), notice.to()));
                return all.compareTo(MOST_PER_EPOCH) > 0
                        ? Optional.of(new Outcome.Refused(
                                "to",
                                "with this the node has declared %s since the epoch began, where %s are taken"
                                        .formatted(all, MOST_PER_EPOCH)))
                        : Optional.empty();
            }
        }
    }
}
