package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ingest} of what lies before, and {@code rebuild}, by command line. */
class HistoryCommandsTest {
    private static final Path CHAIN =
            Path.of(System.getProperty("vibrissa.root"), "indexer/src/test/resources/scenarios/blob-life");

    @TempDir
    Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void ingestFillsInWhatLiesBefore() throws Exception {
        try (var straight = TestDatabase.migrated();
                var backwards = TestDatabase.migrated()) {
            assertThat(ingest(straight, CHAIN)).isZero();
            assertThat(ingest(backwards, part(1071, 1143))).isZero();
            // What was read without knowing of history has to be read again, from a folder that has it.
            assertThat(ingest(backwards, part(1047, 1070))).isEqualTo(ExitCode.TEMPORARY.number());
            assertThat(err.toString()).contains("has no checkpoint 1071, which has to be read again");
            assertThat(ingest(backwards, CHAIN)).isZero();
            assertThat(err.toString()).contains("47 earlier checkpoints filled in, from 1000 on");
            assertThat(out.toString()).contains("nothing new: everything up to checkpoint 1143 is indexed");
            assertThat(TableDigests.of(backwards.database())).isEqualTo(TableDigests.of(straight.database()));
        }
    }

    @Test
    void rebuildFoldsAProjectionAgain() throws Exception {
        try (var database = TestDatabase.migrated()) {
            assertThat(run(database, "rebuild", "blob")).isEqualTo(ExitCode.UNAVAILABLE.number());
            assertThat(err.toString()).contains("nothing is indexed that could be folded");
            assertThat(ingest(database, CHAIN)).isZero();
            var whole = TableDigests.of(database.database());
            try (var db = database.connect();
                    var statement = db.createStatement()) {
                statement.execute("delete from blob");
            }
            assertThat(run(database, "rebuild", "blob")).isZero();
            assertThat(out.toString()).contains("rebuilt blob from the facts of checkpoints 1000 to 1143");
            assertThat(TableDigests.of(database.database())).isEqualTo(whole);
            assertThat(run(database, "rebuild", "totals", "--json")).isZero();
            assertThat(out.toString()).contains("\"last\":1143");
        }
    }

    private Path part(long first, long last) throws Exception {
        Path part = folder.resolve(first + "-" + last);
        Files.createDirectories(part);
        for (long number = first; number <= last; number++) {
            Files.copy(CHAIN.resolve(number + ".binpb.zst"), part.resolve(number + ".binpb.zst"));
        }
        return part;
    }

    private int ingest(TestDatabase database, Path source) {
        return run(database, "ingest", source.toString(), "--network", "mainnet", "--label", "synthetic chain");
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
