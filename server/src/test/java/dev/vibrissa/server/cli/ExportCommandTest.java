package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.migrations.Schema;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.server.export.Dataset;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is exported is read back by DuckDB, whose Parquet is not ours, and held against PostgreSQL. */
class ExportCommandTest {
    private static final Path CHAIN =
            Path.of(System.getProperty("vibrissa.root"), "indexer/src/test/resources/scenarios/money");

    @TempDir
    Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everyTableComesWholeAndTheManifestTellsItsHashes() throws Exception {
        Path to = folder.resolve("export");
        try (var database = TestDatabase.migrated();
                var duck = new DuckDBDriver().connect("jdbc:duckdb:", new Properties())) {
            assertThat(run(database, "export", to.toString()))
                    .as("of nothing")
                    .isEqualTo(ExitCode.UNAVAILABLE.number());
            assertThat(run(database, "ingest", CHAIN.toString(), "--network", "mainnet", "--label", "synthetic chain"))
                    .isZero();
            assertThat(run(database, "export", to.toString(), "--rows-per-file", "10"))
                    .as(err.toString())
                    .isZero();
            JsonNode manifest =
                    new ObjectMapper().readTree(to.resolve("manifest.json").toFile());
            assertThat(manifest.path("label").asText()).isEqualTo("synthetic chain");
            for (JsonNode file : manifest.path("files")) {
                Path parquet = to.resolve(file.path("file").asText());
                assertThat(Files.size(parquet)).isEqualTo(file.path("bytes").asLong());
                assertThat(HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(parquet))))
                        .isEqualTo(file.path("sha256").asText());
                assertThat(texts(duck, "select count(*) from '" + parquet + "'"))
                        .containsExactly(file.path("rows").asText());
            }
            try (var db = database.connect()) {
                for (Dataset dataset : Dataset.ALL) {
                    assertThat(texts(duck, "select count(*) from '%s/%s-*.parquet'".formatted(to, dataset.name())))
                            .as(dataset.name())
                            .isEqualTo(texts(db, "select count(*) from " + dataset.table()));
                }
                assertThat(Files.exists(to.resolve("payments-00001.parquet")))
                        .as("a second file of the same table")
                        .isTrue();
                // Whole numbers up to 2^64 and below 0, times, texts and absent values come as they are.
                assertThat(texts(duck, """
                                select sum(amount) || ' ' || sum(bytes) || ' ' || count(object_id) || ' ' || max(what)
                                from '%s/payments-*.parquet'""".formatted(to))).isEqualTo(texts(db, """
                                select sum(amount) || ' ' || sum(bytes) || ' ' || count(object_id) || ' ' || max(what collate "C")
                                from payment"""));
                assertThat(texts(duck, """
                                select epoch_us(checkpoint_at) from '%s/checkpoints-*.parquet' order by sequence_number""".formatted(to))).isEqualTo(texts(db, """
                                select (extract(epoch from checkpoint_at) * 1000000)::bigint from checkpoint
                                order by sequence_number"""));
                var ids = new ArrayList<String>();
                for (String hex : texts(db, "select encode(blob_id, 'hex') from blob order by blob_id")) {
                    ids.add(new BlobId(HexFormat.of().parseHex(hex)).toString());
                }
                assertThat(texts(duck, "select blob_id from '%s/blobs-*.parquet'".formatted(to)))
                        .isNotEmpty()
                        .containsExactlyInAnyOrderElementsOf(ids);
            }
            assertThat(run(database, "export", to.toString()))
                    .as("into a folder in use")
                    .isNotZero();
            assertThat(err.toString()).contains("is not empty");
            assertThat(run(database, "export", folder.resolve("other").toString(), "--dataset", "nothing"))
                    .isEqualTo(ExitCode.USAGE.number());
        }
    }

    /** A rebuild exchanges tables under a lock on the watermarks; what it commits is what is exported then. */
    @Test
    @Timeout(60)
    void theMomentOfAnExportIsAfterAnExchangeOfTables() throws Exception {
        Path to = folder.resolve("export");
        try (var database = TestDatabase.migrated();
                var rebuild = database.connect()) {
            assertThat(run(database, "ingest", CHAIN.toString(), "--network", "mainnet", "--label", "synthetic chain"))
                    .isZero();
            rebuild.setAutoCommit(false);
            execute(rebuild, "lock table watermark in access exclusive mode");
            var exporting = CompletableFuture.supplyAsync(
                    () -> run(database, "export", to.toString(), "--dataset", "checkpoints"));
            try (var watching = database.connect()) {
                while (texts(
                                watching,
                                "select pid from pg_locks where relation = 'watermark'::regclass and not granted")
                        .isEmpty()) {
                    Thread.onSpinWait();
                }
            }
            execute(rebuild, "update network set label = 'exchanged'");
            rebuild.commit();
            assertThat(exporting.get()).as(err.toString()).isZero();
        }
        assertThat(new ObjectMapper()
                        .readTree(to.resolve("manifest.json").toFile())
                        .path("label")
                        .asText())
                .isEqualTo("exchanged");
    }

    /** Old processes may be at work on it; an empty one is nobody's. */
    @Test
    void aSchemaOfAnotherVersionIsNotMigratedByTheWay() throws Exception {
        try (var database = TestDatabase.empty()) {
            Schema.migrateForRestore(database.database(), "3");
            assertThat(run(database, "export", folder.resolve("none").toString()))
                    .isNotZero();
            assertThat(err.toString()).contains("has schema version 003").contains("behind this program");
            assertThat(run(database, "api-key", "list")).isNotZero();
            try (var db = database.connect()) {
                assertThat(texts(db, "select max(version) from flyway_schema_history"))
                        .containsExactly("003");
            }
        }
        try (var database = TestDatabase.empty()) {
            assertThat(run(database, "api-key", "list")).as(err.toString()).isZero();
        }
    }

    private static void execute(Connection db, String sql) throws Exception {
        try (var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> texts(Connection db, String sql) throws Exception {
        var texts = new ArrayList<String>();
        try (var statement = db.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    private int run(TestDatabase database, String... arguments) {
        var environment = Map.of(
                "HOME", folder.toString(),
                "VIBRISSA_DB_URL", database.database().jdbcUrl(),
                "VIBRISSA_DB_USER", database.database().user(),
                "VIBRISSA_DB_PASSWORD", database.database().password());
        return new CommandLineProgram(environment, new PrintWriter(out, true), new PrintWriter(err, true))
                .run(arguments);
    }
}
