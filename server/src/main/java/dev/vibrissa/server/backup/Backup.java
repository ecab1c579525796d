package dev.vibrissa.server.backup;

import com.github.luben.zstd.ZstdOutputStream;
import dev.vibrissa.migrations.Database;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Writes a backup beside a working database. Two sessions share one snapshot and read table by table; the indexer goes on
 * meanwhile. The tables are locked against nothing but being exchanged: a snapshot would not see the rows of a table that
 * took the place of another.
 */
public final class Backup {
    private static final int SESSIONS = 2;

    /** A rebuild exchanges tables within seconds, or gives way and tries again. */
    private static final String LOCK_TIMEOUT = "set lock_timeout = '3s'";

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Database database;
    private final Clock clock;

    public Backup(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Writes a new folder; until it is complete it is called {@code NAME.half}.
     *
     * @throws BackupException if the folder is there already, the database has no schema of ours, or its tables are just
     *     being exchanged
     */
    public Manifest to(Path folder) throws IOException, SQLException, InterruptedException {
        if (Files.exists(folder)) {
            throw new BackupException("%s is there already; name a folder that is not".formatted(folder));
        }
        Path absolute = folder.toAbsolutePath();
        Path half = absolute.resolveSibling(absolute.getFileName() + ".half");
        if (Files.exists(half)) {
            throw new BackupException(
                    "%s is there: another backup is being written, or was broken off; in that case remove it"
                            .formatted(half));
        }
        Files.createDirectories(half);
        boolean complete = false;
        try {
            Manifest manifest = write(half);
            manifest.write(half);
            try (Stream<Path> files = Files.list(half)) {
                for (Path file : files.toList()) {
                    sync(file);
                }
            }
            sync(half);
            Files.move(half, absolute, StandardCopyOption.ATOMIC_MOVE);
            sync(absolute.resolveSibling("."));
            complete = true;
            return manifest;
        } finally {
            if (!complete) {
                remove(half);
            }
        }
    }

    private Manifest write(Path folder) throws IOException, SQLException, InterruptedException {
        try (Connection first = reading()) {
            List<Tables.Table> tables = locked(first);
            String snapshot = Optional.ofNullable(text(first, "select pg_export_snapshot()"))
                    .orElseThrow();
            List<Manifest.Migration> migrations = Tables.migrations(first);
            if (migrations.isEmpty() || tables.isEmpty()) {
                throw new BackupException("%s has no schema of ours: there is nothing to keep".formatted(database));
            }
            Map<String, Long> sequences = Tables.sequences(first);
            return new Manifest(
                    Manifest.FORMAT,
                    clock.instant().toString(),
                    first.getMetaData().getDatabaseProductVersion(),
                    migrations.getLast().version(),
                    migrations,
                    text(first, "select (select name from public.network)"),
                    text(first, "select (select encode(chain_id, 'hex') from public.network)"),
                    number(first, "first_checkpoint"),
                    number(first, "last_checkpoint"),
                    streams(first, snapshot, tables, folder),
                    sequences);
        }
    }

    private Connection reading() throws SQLException {
        Connection db = database.connect();
        db.setReadOnly(true);
        db.setAutoCommit(false);
        db.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        return db;
    }

    /** The locks come first: the snapshot is taken by the first statement that reads. */
    private List<Tables.Table> locked(Connection db) throws SQLException {
        List<Tables.Table> known;
        try (Connection other = database.connect()) {
            known = Tables.inOrder(other);
        }
        lock(db, known);
        List<Tables.Table> now = Tables.inOrder(db);
        if (!now.equals(known)) {
            throw new BackupException(
                    "the tables changed while they were being locked: nothing was written; try again");
        }
        return now;
    }

    /** Not waiting for long: who waits for a lock holds up all who come later. */
    private static void lock(Connection db, List<Tables.Table> tables) throws SQLException {
        try (var statement = db.createStatement()) {
            statement.execute(LOCK_TIMEOUT);
            if (!tables.isEmpty()) {
                statement.execute(tables.stream()
                        .map(table -> "public." + Tables.quoted(table.name()))
                        .collect(Collectors.joining(", ", "lock table ", " in access share mode")));
            }
        } catch (SQLException fault) {
            if (LOCK_NOT_AVAILABLE.equals(fault.getSQLState())) {
                throw new BackupException(
                        "tables are just being exchanged or migrated: nothing was written; try again in a minute",
                        fault);
            }
            throw fault;
        }
    }

    private List<Manifest.Table> streams(Connection first, String snapshot, List<Tables.Table> tables, Path folder)
            throws SQLException, IOException, InterruptedException {
        var connections = new ArrayList<Connection>();
        try (var threads = Executors.newFixedThreadPool(SESSIONS)) {
            connections.add(first);
            for (int i = 1; i < SESSIONS; i++) {
                Connection other = reading();
                connections.add(other);
                try (var statement = other.createStatement()) {
                    statement.execute("set transaction snapshot '" + snapshot + "'");
                }
                // All at once: whoever migrates would wait for the first session, and this one for him, unseen.
                lock(other, tables);
            }
            var free = new java.util.concurrent.ArrayBlockingQueue<>(SESSIONS, false, connections);
            var futures = new ArrayList<Future<Manifest.Table>>();
            for (Tables.Table table : tables) {
                futures.add(threads.submit(() -> {
                    Connection db = free.take(); // as many as threads
                    try {
                        return stream(db, table, folder);
                    } finally {
                        free.add(db);
                    }
                }));
            }
            try {
                return all(futures);
            } finally {
                end(threads, connections);
            }
        } finally {
            connections.remove(first);
            for (Connection each : connections) {
                each.close();
            }
        }
    }

    private static List<Manifest.Table> all(List<Future<Manifest.Table>> futures)
            throws SQLException, IOException, InterruptedException {
        var done = new ArrayList<Manifest.Table>();
        try {
            for (Future<Manifest.Table> each : futures) {
                done.add(each.get());
            }
            return done;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case SQLException fault -> throw fault;
                case IOException fault -> throw fault;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } finally {
            futures.forEach(each -> each.cancel(true));
        }
    }

    /** A stream of a large table would go on for hours after the fault of another; after none there is nothing to end. */
    private static void end(ExecutorService threads, List<Connection> reading)
            throws SQLException, InterruptedException {
        threads.shutdownNow();
        while (!threads.awaitTermination(100, TimeUnit.MILLISECONDS)) {
            for (Connection each : reading) {
                each.unwrap(PGConnection.class).cancelQuery();
            }
        }
    }

    private static Manifest.Table stream(Connection db, Tables.Table table, Path folder)
            throws SQLException, IOException {
        Path file = folder.resolve(table.name() + ".copy.zst");
        var digest = Sha256.digest();
        long rows;
        try (OutputStream out = new ZstdOutputStream(
                new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), digest))) {
            rows = db.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut(table.copy() + " to stdout with (format binary)", out);
        }
        return new Manifest.Table(
                table.name(),
                table.columns(),
                rows,
                Files.size(file),
                HexFormat.of().formatHex(digest.digest()));
    }

    private static @Nullable Long number(Connection db, String column) throws SQLException {
        String value = text(db, "select (select " + column + " from public.watermark where pipeline = 'facts')");
        return value == null ? null : Long.valueOf(value);
    }

    private static @Nullable String text(Connection db, String sql) throws SQLException {
        try (var statement = db.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void sync(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
