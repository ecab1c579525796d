package dev.vibrissa.indexer.write;

import dev.vibrissa.indexer.trust.Verification;
import dev.vibrissa.protocol.sui.Digest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checkpoints that are stored already and whose facts have to be read again, with what stays as it is. */
public final class StoredRange {
    /** Facts by table, but for a snapshot's, which no checkpoint tells; evidence before the checkpoints that it refers to. */
    private static final List<String> DELETIONS = List.of(
            "delete from certificate where tx_digest in (select digest from transaction where checkpoint between ? and ?)",
            "delete from system_change where checkpoint between ? and ?",
            "delete from ring_change where checkpoint between ? and ?",
            "delete from event_blob_head where checkpoint between ? and ? and tx_index >= 0",
            "delete from event_blob_weight where checkpoint between ? and ?",
            "delete from wal_change where checkpoint between ? and ?",
            "delete from transaction where checkpoint between ? and ?",
            "delete from event where checkpoint between ? and ?",
            "delete from object_change where checkpoint between ? and ? and tx_index >= 0",
            "delete from quarantine where checkpoint between ? and ?",
            "delete from checkpoint_evidence where checkpoint between ? and ?",
            "delete from checkpoint where sequence_number between ? and ?");

    private StoredRange() {}

    /** What stays of a checkpoint. */
    public record Kept(Digest digest, Verification verification, int sourceId) {}

    public static Map<Long, Kept> kept(Connection db, long first, long last) throws SQLException {
        var kept = new HashMap<Long, Kept>();
        try (PreparedStatement select = db.prepareStatement("""
                select sequence_number, digest, verification, source_id from checkpoint
                where sequence_number between ? and ?
                """)) {
            select.setLong(1, first);
            select.setLong(2, last);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    kept.put(
                            row.getLong(1),
                            new Kept(
                                    new Digest(row.getBytes(2)),
                                    Verification.ofColumn(row.getString(3)),
                                    row.getInt(4)));
                }
            }
        }
        return kept;
    }

    /** Deletes the facts of a range, which the caller's transaction stores anew. */
    public static void delete(Connection db, long first, long last) throws SQLException {
        for (String deletion : DELETIONS) {
            try (PreparedStatement delete = db.prepareStatement(deletion)) {
                delete.setLong(1, first);
                delete.setLong(2, last);
                delete.executeUpdate();
            }
        }
    }

    /** A range that is due to be read again. */
    public record Due(long first, long last) {}

    public static Optional<Due> firstDue(Connection db) throws SQLException {
        try (PreparedStatement select = db.prepareStatement(
                        "select first_checkpoint, last_checkpoint from reread order by first_checkpoint limit 1");
                ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(new Due(row.getLong(1), row.getLong(2))) : Optional.empty();
        }
    }

    /** Has a range read again; those inside of it need not be by themselves. */
    public static void due(Connection db, long first, long last) throws SQLException {
        try (PreparedStatement delete =
                        db.prepareStatement("delete from reread where first_checkpoint >= ? and last_checkpoint <= ?");
                PreparedStatement insert = db.prepareStatement("insert into reread values (?, ?)")) {
            for (PreparedStatement statement : List.of(delete, insert)) {
                statement.setLong(1, first);
                statement.setLong(2, last);
                statement.executeUpdate();
            }
        }
    }

    /** Says that everything up to {@code last} was read again: the projections are folded from other facts now. */
    public static void done(Connection db, long last) throws SQLException {
        String[] statements = {"""
            with read as (delete from reread where first_checkpoint <= ? returning last_checkpoint)
            insert into reread (first_checkpoint, last_checkpoint)
            select distinct ? + 1, last_checkpoint from read where last_checkpoint > ?
            on conflict do nothing
            """, "update backfill set refold = true, updated_at = now()"};
        for (String sql : statements) {
            try (PreparedStatement update = db.prepareStatement(sql)) {
                for (int i = 1; i <= sql.chars().filter(c -> c == '?').count(); i++) {
                    update.setLong(i, last);
                }
                update.executeUpdate();
            }
        }
    }
}
