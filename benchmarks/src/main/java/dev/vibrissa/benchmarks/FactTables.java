package dev.vibrissa.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** The tables that facts are stored in, as binary COPY streams out of PostgreSQL and into it. */
final class FactTables {
    private static final int CHUNK_BYTES = 1 << 16; // as our own writer sends them

    /**
     * @param position the column with the checkpoint
     * @param key the primary key, to order by
     */
    private record Table(String name, String position, String key) {}

    private static final List<Table> TABLES = List.of(
            new Table("checkpoint", "sequence_number", "sequence_number"),
            new Table("checkpoint_evidence", "checkpoint", "checkpoint"),
            new Table("transaction", "checkpoint", "digest"),
            new Table("event", "checkpoint", "tx_digest, walrus_ordinal"),
            new Table("object_change", "checkpoint", "object_id, version, checkpoint"),
            new Table("certificate", "checkpoint", "tx_digest, command_index"),
            new Table("system_change", "checkpoint", "checkpoint, tx_index"),
            new Table("ring_change", "checkpoint", "checkpoint, tx_index, first_epoch"),
            new Table("event_blob_head", "checkpoint", "checkpoint, tx_index"),
            new Table("event_blob_weight", "checkpoint", "checkpoint, tx_index, blob_id"),
            new Table("wal_change", "checkpoint", "checkpoint, tx_index, address"),
            new Table("quarantine", "checkpoint", "checkpoint, tx_index, part, reference"));

    /** The rows of a range of checkpoints, one stream per table, in the order in which they were stored. */
    record Streams(List<byte[]> tables) {
        long bytes() {
            return tables.stream().mapToLong(each -> each.length).sum();
        }
    }

    private FactTables() {}

    static Streams read(Connection db, long first, long last) throws SQLException {
        var streams = new ArrayList<byte[]>();
        for (Table table : TABLES) {
            var bytes = new ByteArrayOutputStream();
            copyOut(
                    db,
                    "select * from %s where %s between %d and %d order by ctid"
                            .formatted(table.name(), table.position(), first, last),
                    bytes);
            streams.add(bytes.toByteArray());
        }
        return new Streams(streams);
    }

    /** Plain COPY: what the reference does. */
    static long store(Connection db, Streams streams) throws SQLException {
        long rows = 0;
        try {
            for (int i = 0; i < TABLES.size(); i++) {
                rows += copy(db).copyIn(
                                "copy %s from stdin with (format binary)"
                                        .formatted(TABLES.get(i).name()),
                                new ByteArrayInputStream(streams.tables().get(i)),
                                CHUNK_BYTES);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // reading an array cannot fail
        }
        return rows;
    }

    /** SHA-256 over all rows of all tables, each in the order of its primary key. */
    static String sha256(Connection db) throws SQLException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
        for (Table table : TABLES) {
            copyOut(
                    db,
                    "select * from %s order by %s".formatted(table.name(), table.key()),
                    new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void copyOut(Connection db, String query, OutputStream to) throws SQLException {
        try {
            copy(db).copyOut("copy (%s) to stdout with (format binary)".formatted(query), to);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory cannot fail
        }
    }

    private static CopyManager copy(Connection db) throws SQLException {
        return db.unwrap(PGConnection.class).getCopyAPI();
    }
}
