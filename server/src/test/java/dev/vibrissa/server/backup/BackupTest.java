package dev.vibrissa.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.HalfRestored;
import dev.vibrissa.migrations.Schema;
import dev.vibrissa.migrations.SchemaException;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is restored is what was kept, indexing goes on with it, and what is not whole is refused before anything is written. */
@Timeout(120)
class BackupTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("vibrissa.root"), "indexer/src/test/resources/scenarios/blob-life");
    private static final long MIDDLE = 1090;
    private static final long LAST = 1143;
    private static final TestDatabase ORIGINAL = TestDatabase.migrated();

    @TempDir
    static Path kept = Path.of("");

    @TempDir
    Path folder = Path.of("");

    @AutoClose
    private final TestDatabase target = TestDatabase.empty();

    @BeforeAll
    static void keep() throws Exception {
        ingest(ORIGINAL.database(), 1000, MIDDLE);
        backup(ORIGINAL.database(), kept.resolve("backup"));
    }

    @AfterAll
    static void close() {
        ORIGINAL.close();
    }

    @Test
    void aRestoredDatabaseIsTheSameAndIndexesOn() throws Exception {
        Manifest manifest = restore(kept.resolve("backup"));
        assertThat(manifest.network()).isEqualTo("mainnet");
        assertThat(manifest.lastCheckpoint()).isEqualTo(MIDDLE);
        assertThat(TableDigests.of(target.database())).isEqualTo(TableDigests.of(ORIGINAL.database()));
        for (String schema : List.of(
                "select conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid)"
                        + " from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2",
                "select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1",
                "select attrelid::regclass, attname, attnotnull from pg_attribute join pg_class c on c.oid = attrelid"
                        + " where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1, attnum")) {
            assertThat(TableRows.of(target.database(), schema))
                    .hasSizeGreaterThan(20)
                    .isEqualTo(TableRows.of(ORIGINAL.database(), schema));
        }
        Schema.migrate(target.database());
        try (var straight = TestDatabase.migrated()) {
            ingest(straight.database(), 1000, MIDDLE);
            ingest(straight.database(), MIDDLE + 1, LAST);
            ingest(target.database(), MIDDLE + 1, LAST); // another source: its number must be a new one
            assertThat(TableDigests.of(target.database())).isEqualTo(TableDigests.of(straight.database()));
            assertThat(TableRows.of(target.database(), "select count(*), max(source_id) from source"))
                    .containsExactly("2|2");
        }
    }

    @Test
    void oneByteOfAnyFileIsEnoughToBeRefused() throws Exception {
        long seed = new Random().nextLong();
        System.out.printf("seed flippedBytes=%d%n", seed);
        var random = new Random(seed);
        List<Path> files;
        try (Stream<Path> all = Files.list(kept.resolve("backup"))) {
            files = all.sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(20);
        Path copy = copy();
        for (Path file : files) {
            Path damaged = copy.resolve(file.getFileName());
            byte[] whole = Files.readAllBytes(file);
            byte[] bytes = whole.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(damaged, bytes);
            assertThatThrownBy(() -> restore(copy))
                    .as("%s, seed %d", file.getFileName(), seed)
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("SHA-256");
            Files.write(damaged, whole);
        }
        assertThat(relations()).isEmpty();
        restore(copy);
    }

    @Test
    void whatIsMissingShortOrForeignIsRefused() throws Exception {
        Path copy = copy();
        Path stream = copy.resolve("checkpoint.copy.zst");
        byte[] whole = Files.readAllBytes(stream);
        Files.write(stream, java.util.Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> restore(copy))
                .hasMessageContaining("%d bytes, not %d", whole.length - 1, whole.length);
        Files.delete(stream);
        assertThatThrownBy(() -> restore(copy)).hasMessageContaining("checkpoint.copy.zst is missing");
        Files.writeString(copy.resolve(Manifest.FILE), "{\"format\":\"another\"}");
        Files.writeString(
                copy.resolve(Manifest.HASH_FILE), Sha256.of(copy.resolve(Manifest.FILE)) + "  " + Manifest.FILE + "\n");
        assertThatThrownBy(() -> restore(copy)).hasMessageContaining("is not a manifest of a backup of ours");
        Files.delete(copy.resolve(Manifest.FILE));
        assertThatThrownBy(() -> restore(copy)).hasMessageContaining("holds no complete backup");
        assertThatThrownBy(() -> new Restore(target.database()).from(kept.resolve("backup"), Optional.of("testnet")))
                .isInstanceOf(BackupException.class)
                .hasMessage("the backup is of network mainnet, not testnet");
        assertThat(relations()).isEmpty();
    }

    /** Afterwards it can be given to another backup, or to a program. */
    @Test
    void aBackupOfAnotherSchemaIsRefusedBeforeTheDatabaseIsMarked() throws Exception {
        Path copy = copy();
        String manifest = Files.readString(copy.resolve(Manifest.FILE));
        var whole = Manifest.read(copy).manifest();
        int checksum = whole.migrations().getLast().checksum();
        rewrite(copy, manifest.replace("\"" + whole.schema() + "\"", "\"999\""));
        assertThatThrownBy(() -> restore(copy))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("schema version 999, which this program does not know");
        assertThat(relations()).isEmpty();
        rewrite(copy, manifest.replace("" + checksum, "" + (checksum ^ 1)));
        assertThatThrownBy(() -> restore(copy))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("other migrations than ours");
        assertThat(relations()).isEmpty();
    }

    private static void rewrite(Path backup, String manifest) throws IOException {
        Files.writeString(backup.resolve(Manifest.FILE), manifest);
        Files.writeString(
                backup.resolve(Manifest.HASH_FILE),
                Sha256.of(backup.resolve(Manifest.FILE)) + "  " + Manifest.FILE + "\n");
    }

    @Test
    void onlyAnEmptyDatabaseIsFilled() {
        try (var used = TestDatabase.migrated()) {
            assertThatThrownBy(() -> new Restore(used.database()).from(kept.resolve("backup"), Optional.empty()))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("is not empty");
        }
    }

    @Test
    void aHalfRestoredDatabaseIsOpenedByNobodyUntilItIsRestoredAgain() throws Exception {
        // As a process leaves it that is killed before the rows are committed.
        String hash = Sha256.of(kept.resolve("backup").resolve(Manifest.FILE));
        try (var db = target.connect()) {
            HalfRestored.mark(db, hash);
            Schema.migrateForRestore(
                    target.database(),
                    Manifest.read(kept.resolve("backup")).manifest().schema());
        }
        assertThatThrownBy(() -> Schema.migrate(target.database()))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("is half restored from the backup with the manifest " + hash);
        restore(kept.resolve("backup"));
        assertThat(TableDigests.of(target.database())).isEqualTo(TableDigests.of(ORIGINAL.database()));
    }

    @Test
    void aBackupOfAnOlderSchemaIsRestoredAndThenMigrated() throws Exception {
        try (var older = TestDatabase.empty()) {
            Schema.migrateForRestore(older.database(), "3");
            execute(older, "insert into network (name, chain_evidence) values ('testnet', 'asserted')");
            Manifest manifest = backup(older.database(), folder.resolve("older"));
            assertThat(manifest.schema()).isIn("3", "003");
            try (var db = older.connect()) {
                assertThat(Tables.migrations(db)).hasSize(3); // kept as it was
            }
            restore(folder.resolve("older"));
            assertThat(TableRows.of(target.database(), "select name from network"))
                    .containsExactly("testnet");
            assertThat(Schema.migrate(target.database()).applied()).isZero();
        }
    }

    @Test
    void nothingIsKeptWhileTablesAreBeingExchanged() throws Exception {
        try (var rebuild = ORIGINAL.connect()) {
            rebuild.setAutoCommit(false);
            try (var statement = rebuild.createStatement()) {
                statement.execute("lock table watermark in access exclusive mode");
            }
            assertThatThrownBy(() -> backup(ORIGINAL.database(), folder.resolve("refused")))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("just being exchanged");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatIsThereIsNeverWrittenOver() {
        assertThatThrownBy(() -> backup(ORIGINAL.database(), kept.resolve("backup")))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("is there already");
        assertThatThrownBy(() -> backup(target.database(), folder.resolve("nothing")))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("has no schema of ours");
    }

    /** Ours between the versions of PostgreSQL, and pg_dump as the alternative where there is one. */
    @Test
    void aDebianPostgresIsRestoredIntoAndDumpedByItsOwnTools() throws Exception {
        try (var debian = DebianPostgres.start(folder)) {
            Database restored = debian.create("restored");
            new Restore(restored).from(kept.resolve("backup"), Optional.empty());
            var digests = TableDigests.of(ORIGINAL.database());
            assertThat(TableDigests.of(restored)).isEqualTo(digests);

            Path dump = folder.resolve("dump");
            debian.client(folder.resolve("log"), "pg_dump", "--format=custom", "--file=" + dump, "restored");
            Database dumped = debian.create("dumped");
            debian.client(folder.resolve("log"), "pg_restore", "--exit-on-error", "--dbname=dumped", "" + dump);
            assertThat(TableDigests.of(dumped)).isEqualTo(digests);
            Schema.migrate(dumped);
            ingest(dumped, MIDDLE + 1, LAST);

            backup(restored, folder.resolve("of15"));
            restore(folder.resolve("of15"));
            assertThat(TableDigests.of(target.database())).isEqualTo(digests);
        }
    }

    @Test
    @Tag("soak")
    @Timeout(1_800)
    void millionsOfRowsAreKeptAndRestored() throws Exception {
        int millions = Integer.getInteger("backup.millions", 2);
        try (var large = TestDatabase.migrated()) {
            ingest(large.database(), 1000, MIDDLE);
            execute(large, """
                    insert into checkpoint
                    select 1000000 + i, sha256(i::text::bytea), i / 100000, now() + i * interval '250 ms', 10, 0, 1, 'hash-chain', 1
                    from generate_series(1, %d) i
                    """.formatted(millions * 400_000));
            execute(large, """
                    insert into event
                    select sha256(i::text::bytea), 0, 0, 1000000 + i, 0, 'BlobCertified', true, sha256('package'), 'blob::certify',
                      sha256((i / 3)::text::bytea), sha256((i / 2)::text::bytea), null, sha256(i::text::bytea) || sha256((i / 3)::text::bytea)
                    from generate_series(1, %d) i
                    """.formatted(millions * 600_000));
            execute(large, "vacuum analyze");
            long begin = System.nanoTime();
            backup(large.database(), folder.resolve("large"));
            long kept = System.nanoTime();
            restore(folder.resolve("large"));
            long restored = System.nanoTime();
            for (String table : List.of("checkpoint", "event", "blob", "change")) {
                String sum = "select count(*), sum(hashtextextended(r::text, 0)::numeric) from %s r".formatted(table);
                assertThat(TableRows.of(target.database(), sum)).isEqualTo(TableRows.of(large.database(), sum));
            }
            System.out.printf(
                    "backup rows=%d M databaseMiB=%s backupMiB=%d backupMillis=%d restoreMillis=%d%n",
                    millions,
                    TableRows.of(large.database(), "select pg_database_size(current_database()) >> 20")
                            .getFirst(),
                    bytes(folder.resolve("large")) >> 20,
                    (kept - begin) / 1_000_000,
                    (restored - kept) / 1_000_000);
        }
    }

    private static long bytes(Path directory) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static Manifest backup(Database database, Path to) throws Exception {
        return new Backup(database, Clock.systemUTC()).to(to);
    }

    private Manifest restore(Path from) throws Exception {
        return new Restore(target.database()).from(from, Optional.empty());
    }

    private List<String> relations() throws Exception {
        return TableRows.of(
                target.database(),
                "select relname from pg_class where relnamespace = 'public'::regnamespace"
                        + " union all select nspname from pg_namespace where nspname = 'restoring'");
    }

    private Path copy() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("copy"));
        try (Stream<Path> files = Files.list(kept.resolve("backup"))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    private static void execute(TestDatabase database, String sql) throws Exception {
        try (var db = database.connect();
                var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void ingest(Database database, long first, long last) throws Exception {
        try (var source = FileSource.of(LongStream.rangeClosed(first, last)
                .mapToObj(number -> FOLDER.resolve(number + ".binpb.zst"))
                .toList())) {
            new Ingest(
                            database,
                            WalrusNetwork.mainnet(),
                            Optional.of("synthetic chain"),
                            new TrustAnchor.Unverified(),
                            Ingest.Limits.ofThisMachine())
                    .run(source, Progress.SILENT);
        }
    }
}
