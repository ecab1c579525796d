package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An indexer killed by signal 9, again and again, ends with the tables of one that was left in peace. */
class KillTest {
    private static final String SCENARIO = "busy";
    private static final long LAST_CHECKPOINT = 5192;

    @Test
    void fiveKillsLoseNothingAndDoubleNothing() throws Exception {
        killAndCompare(5, new Random().nextLong());
    }

    @Test
    @Tag("soak")
    void fiftyKillsLoseNothingAndDoubleNothing() throws Exception {
        killAndCompare(50, new Random().nextLong());
    }

    private static void killAndCompare(int rounds, long seed) throws Exception {
        System.out.printf("seed=%d rounds=%d%n", seed, rounds);
        var random = new Random(seed);
        try (var peaceful = TestDatabase.migrated();
                var killed = TestDatabase.migrated()) {
            Scenarios.ingest(peaceful.database(), SCENARIO);
            int open = 0;
            // 193 checkpoints in transactions of two: enough to die in, every round.
            int mostCommits = Math.max(1, 90 / rounds);
            for (int round = 0; round < rounds; round++) {
                boolean inBatch =
                        killAfter(killed.database(), 1 + random.nextInt(mostCommits), random.nextInt(20_000_000));
                long reached = watermark(killed.database());
                assertThat(reached).as("still to be indexed").isLessThan(LAST_CHECKPOINT);
                open += inBatch ? 1 : 0;
                System.out.printf("round=%d checkpoint=%d openBatch=%b%n", round, reached, inBatch);
            }
            System.out.printf("killed in an open batch: %d of %d%n", open, rounds);
            assertThat(open).as("kills that hit an open batch, seed %d", seed).isGreaterThanOrEqualTo((rounds + 1) / 2);
            Scenarios.ingest(killed.database(), SCENARIO);
            assertThat(TableDigests.of(killed.database()))
                    .as("seed %d", seed)
                    .isEqualTo(TableDigests.of(peaceful.database()));
            assertThat(TableRows.of(killed.database(), NewsTest.CHANGES))
                    .as("changes, seed %d", seed)
                    .isEqualTo(TableRows.of(peaceful.database(), NewsTest.CHANGES));
        }
    }

    /**
     * Starts an indexer in a process of its own and kills it some nanoseconds after a number of commits.
     *
     * @return whether a moment before it had written something that was not committed
     */
    private static boolean killAfter(Database database, int commits, int nanos) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dvibrissa.root=" + System.getProperty("vibrissa.root"),
                        Victim.class.getName(),
                        database.jdbcUrl(),
                        database.user(),
                        database.password())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        boolean open = false;
        try (BufferedReader lines = process.inputReader();
                var db = database.connect();
                var statement = db.createStatement()) {
            String line = lines.readLine(); // ready
            for (int i = 0; line != null && i < commits; i++) {
                line = lines.readLine();
            }
            LockSupport.parkNanos(nanos);
            try (var row = statement.executeQuery("""
                    select exists (select from pg_stat_activity where datname = current_database()
                      and application_name like 'vibrissa writes %' and backend_xid is not null)
                    """)) {
                row.next();
                open = row.getBoolean(1);
            }
        } finally {
            process.destroyForcibly(); // SIGKILL
        }
        process.waitFor();
        return open;
    }

    private static long watermark(Database database) throws Exception {
        try (var db = database.connect();
                var statement = db.createStatement();
                var row = statement.executeQuery(
                        "select coalesce(max(last_checkpoint), 0) from watermark where pipeline = 'facts'")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The indexer that gets killed: two checkpoints a transaction, a line after each. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) throws Exception {
            System.out.println("ready");
            var ingest = new Ingest(
                    new Database(args[0], args[1], args[2]),
                    dev.vibrissa.protocol.walrus.WalrusNetwork.mainnet(),
                    Optional.of("synthetic chain"),
                    Scenarios.anchor(SCENARIO),
                    Ingest.Limits.ofThisMachine().withBatchOf(2));
            ingest.run(
                    dev.vibrissa.indexer.source.FileSource.of(List.of(Scenarios.directory(SCENARIO))),
                    position -> System.out.println("committed " + position.last()));
        }
    }
}
