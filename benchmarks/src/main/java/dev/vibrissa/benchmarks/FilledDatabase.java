package dev.vibrissa.benchmarks;

import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.EmbeddedPostgres;
import dev.vibrissa.migrations.EmbeddedPostgresConfig;
import dev.vibrissa.migrations.Schema;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * A database in the real schema with many blob objects, made on the server by {@code generate_series} and kept for the next
 * time. The files of {@code fill/} say what is in it.
 *
 * <p>Each table is filled and indexed in the transaction that empties it, with the write-ahead log at its least: then
 * PostgreSQL syncs the tables at the commit instead of writing all of them twice. Durability stays on.
 */
final class FilledDatabase {
    /** With the write-ahead log and what sorting takes meanwhile: 78 GB were too few for 20 million objects. */
    private static final long ROOM_BYTES = 5_000_000_000L;

    private static final long ROOM_BYTES_OF_OBJECT = 3_800;
    private static final int SHARED_BUFFERS_MEBIBYTES = 1024;
    private static final int MAX_WAL_MEBIBYTES = 8192;
    private static final int FILLERS = 2;
    /** To be counted up with a change of what is filled in. */
    private static final String EDITION = "4";

    /** The longest first, so that the last ones end together. */
    private static final List<String> TABLES = List.of(
            "event",
            "object_change",
            "blob_object",
            "blob",
            "registration",
            "blob_term",
            "transaction",
            "attribute",
            "payment");

    private final Path folder;
    private final long objects;

    /** @param objects a multiple of 80 */
    FilledDatabase(Path folder, long objects) {
        if (objects < 80 || objects % 80 != 0) {
            throw new IllegalArgumentException("--objects is %d, not a multiple of 80".formatted(objects));
        }
        this.folder = folder;
        this.objects = objects;
    }

    /** The folder for {@code --data}. */
    Path data() {
        return folder.resolve(Long.toString(objects));
    }

    private Path mark() {
        return data().resolve("filled");
    }

    /**
     * Fills it unless that was done before.
     *
     * @return what was filled in, for the page
     * @throws IOException if there is not enough room, saying how much there is
     */
    String ensure() throws IOException, SQLException, InterruptedException {
        if (Files.exists(mark())) {
            String[] lines = Files.readString(mark()).split("\n", 2);
            if (lines[0].equals(EDITION)) {
                return "filled before: " + lines[1].strip();
            }
        }
        delete(data());
        Files.createDirectories(data());
        long room = Files.getFileStore(data()).getUsableSpace();
        long needed = ROOM_BYTES + objects * ROOM_BYTES_OF_OBJECT;
        if (room < needed) {
            throw new IOException(
                    "%s has %,d bytes left, and %,d are asked for before it is filled".formatted(data(), room, needed));
        }
        long begin = System.nanoTime();
        var config = EmbeddedPostgresConfig.defaults().withMemory(SHARED_BUFFERS_MEBIBYTES, MAX_WAL_MEBIBYTES);
        Path postgres = data().resolve("postgres");
        try (var server = EmbeddedPostgres.start(postgres, config)) {
            Schema.migrate(server.database());
            execute(server.database(), "alter system set wal_level = minimal", "alter system set max_wal_senders = 0");
        }
        long bytes;
        try (var server = EmbeddedPostgres.start(postgres, config)) {
            fill(server.database(), objects);
            execute(server.database(), "alter system reset wal_level", "alter system reset max_wal_senders");
            bytes = size(server.database());
        }
        String told = "%,d blob objects, %,d MB, filled in %d s"
                .formatted(objects, bytes / 1_000_000, (System.nanoTime() - begin) / 1_000_000_000);
        Files.writeString(mark(), EDITION + "\n" + told);
        return told;
    }

    /** Fills a migrated database. */
    static void fill(Database given, long objects) throws SQLException, InterruptedException {
        var database = new Database(given.jdbcUrl() + "?socketTimeout=0", given.user(), given.password()); // minutes
        execute(database, text("begin", objects));
        try (var threads = Executors.newFixedThreadPool(FILLERS)) {
            var tables = new ArrayList<Future<?>>();
            for (String table : TABLES) {
                tables.add(threads.submit(() -> {
                    table(database, table, text(table, objects));
                    return table;
                }));
            }
            for (Future<?> table : tables) {
                table.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException fault) {
                throw fault;
            }
            throw new IllegalStateException(e.getCause());
        }
        execute(database, text("end", objects), "vacuum (analyze)");
    }

    /** Empties a table, and fills it without its indexes, which are made of all rows at once. */
    private static void table(Database database, String table, String insert) throws SQLException {
        long begin = System.nanoTime();
        try (var db = database.connect();
                var statement = db.createStatement()) {
            db.setAutoCommit(false);
            statement.execute("set local maintenance_work_mem = '1GB'");
            statement.execute("truncate " + table);
            var again = withoutIndexes(db, table);
            statement.execute(insert);
            for (String each : again) {
                statement.execute(each);
            }
            db.commit();
        }
        System.err.printf("filled %s in %d s%n", table, (System.nanoTime() - begin) / 1_000_000_000);
    }

    /** Drops keys and indexes of a table and says how they are made again. */
    private static List<String> withoutIndexes(Connection db, String table) throws SQLException {
        var drops = new ArrayList<String>();
        var again = new ArrayList<String>();
        try (Statement statement = db.createStatement()) {
            try (var found = statement.executeQuery("""
                    select conname, pg_get_constraintdef(oid) from pg_constraint
                    where conrelid = '%s'::regclass and contype in ('p', 'u') order by contype
                    """.formatted(table))) {
                while (found.next()) {
                    drops.add("alter table %s drop constraint %s".formatted(table, found.getString(1)));
                    again.add("alter table %s add constraint %s %s"
                            .formatted(table, found.getString(1), found.getString(2)));
                }
            }
            try (var found = statement.executeQuery("""
                    select i.indexrelid::regclass, pg_get_indexdef(i.indexrelid) from pg_index i
                    where i.indrelid = '%s'::regclass
                      and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
                    """.formatted(table))) {
                while (found.next()) {
                    drops.add("drop index " + found.getString(1));
                    again.add(found.getString(2));
                }
            }
            for (String each : drops) {
                statement.execute(each);
            }
        }
        return again;
    }

    private static String text(String name, long objects) {
        try (var in = Objects.requireNonNull(
                FilledDatabase.class.getResourceAsStream("/fill/%s.sql".formatted(name)), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${objects}", Long.toString(objects) + "::bigint")
                    .replace("${blobObject}", HexFormat.of().formatHex(blobObjectUntilVersion()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** BCS of a Blob object as far as all of them are the same: what follows is the version, then the contents. */
    private static byte[] blobObjectUntilVersion() {
        var type = new StructTag(SuiAddress.parse("0x" + "ab".repeat(SuiAddress.SIZE)), "blob", "Blob");
        byte[] contents = new byte[SuiAddress.SIZE];
        var object = new SuiObject(
                new SuiObject.Move(type, true, 0, Bytes.of(contents)),
                new Owner.Immutable(),
                new Digest(new byte[Digest.SIZE]),
                0);
        byte[] all = BcsWriter.encode(object, (out, each) -> each.encode(out));
        int behind = Long.BYTES + 1 + contents.length + 1 + 1 + Digest.SIZE + Long.BYTES;
        return Arrays.copyOf(all, all.length - behind);
    }

    static void execute(Database database, String... statements) throws SQLException {
        try (var db = database.connect();
                var statement = db.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private static long size(Database database) throws SQLException {
        try (var db = database.connect();
                var statement = db.createStatement();
                var found = statement.executeQuery("select pg_database_size(current_database())")) {
            found.next();
            return found.getLong(1);
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
