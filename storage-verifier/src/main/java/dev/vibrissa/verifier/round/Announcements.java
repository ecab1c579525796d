package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.LogEntry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Declared maintenance, between whoever took the declaration and the log. */
final class Announcements {
    private static final String COLUMNS =
            "m.node_id, m.began_at, m.ended_at, m.reason, m.declared_by, m.record from maintenance m ";

    private Announcements() {}

    /** Puts into the log what it does not have yet. */
    static void log(Connection db, AuditLog log) throws SQLException {
        List<MaintenanceRecord> news =
                read(db, "select " + COLUMNS + """
                where not exists (select from maintenance_vantage v
                  where v.node_id = m.node_id and v.began_at = m.began_at and v.prover = ?)
                order by m.declared_at, m.node_id, m.began_at
                """, log.prover().toByteArray());
        for (MaintenanceRecord each : news) {
            LogEntry entry = log.append(db, LogEntry.Kind.MAINTENANCE, AuditJson.MAPPER.valueToTree(each));
            try (var insert = db.prepareStatement(
                    "insert into maintenance_vantage (node_id, began_at, prover, log_sequence) values (?, ?, ?, ?)")) {
                insert.setBytes(1, each.nodeId().toByteArray());
                insert.setObject(2, each.from().atOffset(java.time.ZoneOffset.UTC));
                insert.setBytes(3, log.prover().toByteArray());
                insert.setLong(4, entry.envelope().sequence());
                insert.executeUpdate();
            }
        }
    }

    /** Those of a node that stand in a prover's log. */
    static List<MaintenanceRecord> of(Connection db, Bytes prover, SuiAddress node) throws SQLException {
        return read(db, "select " + COLUMNS + """
                join maintenance_vantage v on v.node_id = m.node_id and v.began_at = m.began_at
                where v.prover = ? and m.node_id = ?
                """, prover.toByteArray(), node.toByteArray());
    }

    private static List<MaintenanceRecord> read(Connection db, String sql, byte[]... keys) throws SQLException {
        try (var select = db.prepareStatement(sql)) {
            for (int i = 0; i < keys.length; i++) {
                select.setBytes(i + 1, keys[i]);
            }
            var found = new ArrayList<MaintenanceRecord>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new MaintenanceRecord(
                            new SuiAddress(row.getBytes(1)),
                            row.getObject(2, OffsetDateTime.class).toInstant(),
                            row.getObject(3, OffsetDateTime.class).toInstant(),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6)));
                }
            }
            return found;
        }
    }
}
