package dev.vibrissa.server.backup;

import com.github.luben.zstd.ZstdInputStream;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.HalfRestored;
import dev.vibrissa.migrations.Schema;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * Fills an empty database from a backup. Every file is held against its hash before anything is written; the schema is
 * brought to the version of the backup, the rows come in one transaction, and then the schema is brought up to date. From
 * the first step to the last but one the database is marked, and no program of ours works on it.
 */
public final class Restore {
    private final Database database;

    public Restore(Database database) {
        this.database = database;
    }

    /**
     * @param network what the backup must be of; empty if any will do
     * @throws BackupException if the backup is damaged, foreign, newer than this program or of another network, or the
     *     database is not empty
     */
    public Manifest from(Path folder, Optional<String> network) throws IOException, SQLException {
        Manifest.Read read = Manifest.read(folder);
        Manifest manifest = read.manifest();
        requireNetwork(manifest, network);
        requireWhole(folder, manifest);
        try (Connection db = database.connect()) {
            // To build an index anew, or to check references, takes as long as it takes; TCP notices a dead server.
            db.setNetworkTimeout(Runnable::run, 0);
            requireEmpty(db, read.sha256());
            requireKnown(manifest);
            HalfRestored.mark(db, read.sha256());
            Schema.migrateForRestore(database, manifest.schema());
            if (!Tables.migrations(db).equals(manifest.migrations())) {
                throw new BackupException(
                        "schema version %s of the backup was made by other migrations than ours: %s, not %s"
                                .formatted(manifest.schema(), manifest.migrations(), Tables.migrations(db)));
            }
            db.setAutoCommit(false);
            fill(db, folder, manifest);
            HalfRestored.unmark(db);
            db.commit();
            db.setAutoCommit(true);
            try (var statement = db.createStatement()) {
                statement.execute("analyze"); // before anybody asks
            }
        }
        Schema.migrate(database);
        return manifest;
    }

    /** Before the database is marked: no program would take it, nor any other backup. */
    private void requireKnown(Manifest manifest) {
        Map<String, Integer> known = Schema.known(database);
        if (!known.containsKey(manifest.schema())) {
            throw new BackupException(
                    "the backup has schema version %s, which this program does not know; restore it with the program that made it, or a newer one"
                            .formatted(manifest.schema()));
        }
        for (Manifest.Migration each : manifest.migrations()) {
            if (!Objects.equals(known.get(each.version()), each.checksum())) {
                throw new BackupException(
                        "schema version %s of the backup was made by other migrations than ours: %s, not with checksum %s"
                                .formatted(manifest.schema(), each, known.get(each.version())));
            }
        }
    }

    private static void requireNetwork(Manifest manifest, Optional<String> network) {
        if (network.isPresent() && manifest.network() != null && !network.get().equals(manifest.network())) {
            throw new BackupException(
                    "the backup is of network %s, not %s".formatted(manifest.network(), network.get()));
        }
    }

    private static void requireWhole(Path folder, Manifest manifest) throws IOException {
        for (Manifest.Table table : manifest.tables()) {
            if (!table.name().matches("[a-z][a-z0-9_]*")) {
                throw new BackupException("the manifest names a table '%s'".formatted(table.name()));
            }
            Path file = folder.resolve(table.file());
            if (!Files.isRegularFile(file)) {
                throw new BackupException("%s is missing".formatted(file));
            }
            if (Files.size(file) != table.bytes()) {
                throw new BackupException("%s has %d bytes, not %d as the manifest says"
                        .formatted(file, Files.size(file), table.bytes()));
            }
            String hash = Sha256.of(file);
            if (!hash.equals(table.sha256())) {
                throw new BackupException("%s is damaged: its SHA-256 is %s, not %s as the manifest says"
                        .formatted(file, hash, table.sha256()));
            }
        }
    }

    /** With nothing in it, or half restored from this very backup. */
    private void requireEmpty(Connection db, String backup) throws SQLException {
        Optional<String> half = HalfRestored.from(db);
        if (half.isPresent() && !half.get().equals(backup)) {
            throw new BackupException("%s is half restored from another backup, %s; give this one an empty database"
                    .formatted(database, half.get()));
        }
        if (half.isEmpty()) {
            try (var statement = db.createStatement();
                    var row = statement.executeQuery("""
                            select string_agg(relname, ', ' order by relname) from (
                              select relname from pg_class where relnamespace = 'public'::regnamespace limit 3) c
                            """)) {
                row.next();
                if (row.getString(1) != null) {
                    throw new BackupException("%s is not empty, it has %s; a backup is restored into an empty one only"
                            .formatted(database, row.getString(1)));
                }
            }
        }
    }

    private static void fill(Connection db, Path folder, Manifest manifest) throws SQLException, IOException {
        List<Tables.Table> tables = Tables.inOrder(db);
        var known = tables.stream().collect(Collectors.toMap(Tables.Table::name, Tables.Table::columns));
        Map<String, Manifest.Table> given =
                manifest.tables().stream().collect(Collectors.toMap(Manifest.Table::name, each -> each));
        if (!known.keySet().equals(given.keySet())) {
            throw new BackupException("the backup has tables %s, schema version %s has %s"
                    .formatted(given.keySet(), manifest.schema(), known.keySet()));
        }
        try (var statement = db.createStatement()) {
            // Rows that migrations put there are in the backup as they were later.
            statement.execute(tables.stream()
                    .map(table -> "public." + Tables.quoted(table.name()))
                    .collect(Collectors.joining(", ", "truncate ", " restart identity")));
        }
        List<Tables.Constraint> references = Tables.references(db);
        List<Tables.Constraint> keys = Tables.keys(db);
        List<Tables.Index> indexes = Tables.indexes(db);
        for (Tables.Constraint each : references) {
            execute(db, each.drop());
        }
        for (Tables.Constraint each : keys) {
            execute(db, each.drop());
        }
        for (Tables.Index each : indexes) {
            execute(db, each.drop());
        }
        for (Tables.Table table : tables) {
            Manifest.Table stream = given.get(table.name());
            if (stream == null || !table.columns().equals(stream.columns())) {
                throw new BackupException(
                        "table %s has other columns in the backup: %s".formatted(table.name(), stream));
            }
            fill(db, folder, table, stream);
            // Sorted at once, not row by row at places all over the disk.
            for (Tables.Constraint each : keys) {
                if (each.table().equals(table.name())) {
                    add(db, each.name(), each.add());
                }
            }
            for (Tables.Index each : indexes) {
                if (each.table().equals(table.name())) {
                    add(db, each.name(), each.definition());
                }
            }
        }
        // All rows of a table in one join, not each with an entry in PostgreSQL's memory and a search of its own.
        for (Tables.Constraint each : references) {
            add(db, each.name(), each.add());
        }
        for (var sequence : manifest.sequences().entrySet()) {
            try (var set = db.prepareStatement("select setval(('public.' || quote_ident(?))::regclass, ?)")) {
                set.setString(1, sequence.getKey());
                set.setLong(2, sequence.getValue());
                set.execute();
            }
        }
    }

    private static void add(Connection db, String name, String sql) {
        try {
            execute(db, sql);
        } catch (SQLException fault) {
            throw new BackupException("%s does not hold: %s".formatted(name, fault.getMessage()), fault);
        }
    }

    private static void execute(Connection db, String sql) throws SQLException {
        try (var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void fill(Connection db, Path folder, Tables.Table table, Manifest.Table stream)
            throws SQLException, IOException {
        try (InputStream in = new ZstdInputStream(
                new BufferedInputStream(Files.newInputStream(folder.resolve(stream.file())), 1 << 16))) {
            long rows = db.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(table.copy() + " from stdin with (format binary)", in);
            if (rows != stream.rows()) {
                throw new BackupException(
                        "%s has %d rows, not %d as the manifest says".formatted(stream.file(), rows, stream.rows()));
            }
        } catch (SQLException fault) {
            throw new BackupException("%s does not fit: %s".formatted(stream.file(), fault.getMessage()), fault);
        }
    }
}
