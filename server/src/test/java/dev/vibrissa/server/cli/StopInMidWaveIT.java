package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.server.conformance.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGTERM while storage nodes owe the answers of a wave: the process does not wait for them, what is in the log is whole, and
 * the next start ends the round.
 */
@Tag("soak")
class StopInMidWaveIT {
    private static final Path ROOT = Path.of(System.getProperty("vibrissa.root"));
    private static final int NODES = 5;

    /** The least that those who run containers grant. */
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(180);

    @AutoClose
    private final TestDatabase database = TestDatabase.migrated();

    @TempDir
    Path directory = Path.of("");

    @Test
    @Timeout(600)
    void theVerifierGivesUpAndGoesOnAtTheNextStart() throws Exception {
        // Late, so that there are blobs; then no wave ends soon.
        Files.write(
                directory.resolve("faults"),
                IntStream.range(0, NODES)
                        .mapToObj("node %d from 25s slow 12s"::formatted)
                        .toList());
        List<String> round;
        try (var up = up()) {
            round = await("select walrus_epoch, round from round r where state = 'running' and exists"
                    + " (select from frame f where f.walrus_epoch = r.walrus_epoch and f.blobs > 0)");
            long begin = System.nanoTime();
            up.process().destroy(); // SIGTERM
            assertThat(up.process().waitFor(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS))
                    .as("gone within %s", STOPS_WITHIN)
                    .isTrue();
            System.out.printf("stopped in mid-wave after %d ms%n", (System.nanoTime() - begin) / 1_000_000);
            assertThat(up.process().exitValue()).isIn(0, 143);
        }
        assertThat(Files.readString(directory.resolve("log"))).doesNotContain("Exception");
        String[] id = round.getFirst().split("\\|", 2);
        String state = "select state from round where walrus_epoch = %s and round = %s".formatted(id[0], id[1]);
        assertThat(rows(state)).containsExactly("running");
        assertWhole();
        try (var _ = up()) {
            await(state + " and state = 'done'");
        }
        assertWhole();
    }

    /** Each probe has its entry, each entry its probe, and no draw was judged twice. */
    private void assertWhole() throws Exception {
        assertThat(rows("select (select count(*) from probe) - (select count(*) from log_entry where kind = 'PROBE')"))
                .containsExactly("0");
        assertThat(rows("select from probe group by walrus_epoch, round, member, depth, ordinal having count(*) > 1"))
                .isEmpty();
        assertThat(rows("select from log_entry e join log_head h using (prover) where e.sequence >= h.next_sequence"))
                .isEmpty();
    }

    private Program.Server up() throws InterruptedException {
        var here = database.database();
        return Program.of(ROOT.resolve("server/target/quarkus-app/quarkus-run.jar"))
                .with(Map.of(
                        "VIBRISSA_DB_URL", here.jdbcUrl(),
                        "VIBRISSA_DB_USER", here.user(),
                        "VIBRISSA_DB_PASSWORD", here.password()))
                .serve(
                        directory.resolve("log"),
                        "--data",
                        "" + directory.resolve("data"),
                        "--walrus-epoch",
                        "20s",
                        "--checkpoint-interval",
                        "100ms",
                        "--nodes",
                        "" + NODES,
                        "--shards",
                        "20",
                        "--faults",
                        "" + directory.resolve("faults"));
    }

    private List<String> await(String sql) throws Exception {
        for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
            List<String> found = rows(sql);
            if (!found.isEmpty()) {
                return found;
            }
            LockSupport.parkNanos(100_000_000);
        }
        throw new AssertionError("within %s there was no row of: %s".formatted(PATIENCE, sql));
    }

    private List<String> rows(String sql) throws Exception {
        return TableRows.of(database.database(), sql);
    }
}
