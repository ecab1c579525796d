package dev.vibrissa.migrations;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The mark of a database that a backup is being restored into. It stands in a schema of its own and goes in the
 * transaction that brings the rows; until then {@link Schema#migrate} refuses the database, and with it every program.
 */
public final class HalfRestored {
    private HalfRestored() {}

    /** The SHA-256 of the backup's manifest; empty if nothing is half done here. */
    public static Optional<String> from(Connection db) throws SQLException {
        try (var statement = db.createStatement()) {
            try (ResultSet mark = statement.executeQuery("select to_regclass('restoring.backup')")) {
                mark.next();
                if (mark.getString(1) == null) {
                    return Optional.empty();
                }
            }
            try (ResultSet row = statement.executeQuery("select manifest_sha256 from restoring.backup")) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.of("an unknown one");
            }
        }
    }

    /** In one statement, and so whole. */
    public static void mark(Connection db, String manifestSha256) throws SQLException {
        if (from(db).isPresent()) {
            return;
        }
        try (var statement = db.createStatement()) {
            statement.execute(
                    "create schema restoring create table backup (manifest_sha256 text not null, begun_at timestamptz not null default now())"
                            + "; insert into restoring.backup values (" + statement.enquoteLiteral(manifestSha256)
                            + ")");
        }
    }

    /** In the caller's transaction. */
    public static void unmark(Connection db) throws SQLException {
        try (var statement = db.createStatement()) {
            statement.execute("drop schema restoring cascade");
        }
    }
}
