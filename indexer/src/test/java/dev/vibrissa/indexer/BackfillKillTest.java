package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.project.Projection;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A backfill or a rebuild killed by signal 9, again and again, does no harm and comes to its end. */
@Timeout(300)
class BackfillKillTest {

    @Test
    void aBackfillEndsWithTheTablesOfAStraightIngest() throws Exception {
        killAndCompare("busy", 5100, 3, new Random().nextLong());
    }

    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource({
        "blob-life, 1013",
        "blob-life, 1071",
        "blob-life, 1120",
        "busy, 5040",
        "busy, 5180",
        "governance, 4020",
        "governance, 4080",
        "governance, 4110"
    })
    @Tag("soak")
    void aBackfillKilledTenTimesEndsWithTheTablesOfAStraightIngest(String scenario, long begin) throws Exception {
        killAndCompare(scenario, begin, 10, new Random().nextLong());
    }

    private static void killAndCompare(String scenario, long begin, int rounds, long seed) throws Exception {
        System.out.printf("seed=%d rounds=%d%n", seed, rounds);
        var random = new Random(seed);
        try (var straight = TestDatabase.migrated();
                var killed = TestDatabase.migrated();
                var source = Scenarios.source(scenario)) {
            Scenarios.ingest(straight.database(), new TrustAnchor.Unverified()).run(source, Progress.SILENT);
            Scenarios.ingest(killed.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part(scenario, begin, source.last().orElseThrow()), Progress.SILENT);
            // In transactions of two checkpoints: those before, then all that were there from the beginning on.
            int mostSteps = (int) (source.last().orElseThrow() - source.first()) / 2 / rounds;
            for (int round = 0; round < rounds; round++) {
                int steps = random.nextInt(mostSteps);
                String line = killAfter(
                        killed.database(),
                        steps,
                        random.nextInt(20_000_000),
                        "backfill",
                        scenario,
                        "" + source.first());
                System.out.printf("round=%d %s%n", round, line);
            }
            int folding = 0;
            for (int round = 1; round < rounds; round++) {
                // Once history is there: in reading again, in folding, or in the exchange of the tables.
                boolean isFilled = first(killed.database()) == source.first();
                killAfterLine(
                        killed.database(),
                        isFilled ? "ready" : "FILL " + source.first(),
                        random.nextInt(isFilled ? 1_000_000_000 : 300_000_000),
                        "backfill",
                        scenario,
                        "" + source.first());
                folding += isFolded(killed.database()) ? 0 : 1;
            }
            System.out.printf("killed between filling in and the new tables: %d of %d%n", folding, rounds - 1);
            BackfillTest.backfill(killed.database(), Ingest.Limits.ofThisMachine())
                    .run(source, source.first(), Backfill.Progress.SILENT);
            assertThat(TableDigests.of(killed.database()))
                    .as("seed %d", seed)
                    .isEqualTo(TableDigests.of(straight.database()));
        }
    }

    private static long first(Database database) throws Exception {
        return Long.parseLong(ask(database, "select first_checkpoint::text from watermark where pipeline = 'facts'"));
    }

    /** Whether answers begin where the facts do. */
    private static boolean isFolded(Database database) throws Exception {
        return ask(database, "select (min(first_checkpoint) = max(first_checkpoint))::text from watermark")
                .equals("true");
    }

    private static boolean hasRemains(Database database) throws Exception {
        return ask(database, "select exists (select from pg_namespace where nspname = 'rebuild')::text")
                .equals("true");
    }

    private static String ask(Database database, String sql) throws Exception {
        try (var db = database.connect();
                var statement = db.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void aRebuildLeavesTheLiveTablesAlone() throws Exception {
        killRebuilds(4);
    }

    @Test
    @Tag("soak")
    void thirtyKilledRebuildsLeaveTheLiveTablesAlone() throws Exception {
        killRebuilds(30);
    }

    private static void killRebuilds(int rounds) throws Exception {
        long seed = new Random().nextLong();
        System.out.printf("seed=%d%n", seed);
        var random = new Random(seed);
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), "busy");
            var whole = TableDigests.of(database.database());
            int midway = 0;
            for (int round = 0; round < rounds; round++) {
                killAfter(database.database(), 0, random.nextInt(1_200_000_000), "rebuild", "blob", "");
                midway += hasRemains(database.database()) ? 1 : 0;
                assertThat(TableDigests.of(database.database()))
                        .as("seed %d round %d", seed, round)
                        .isEqualTo(whole);
            }
            new Rebuild(database.database()).run(Projection.EPOCH, Progress.SILENT);
            assertThat(TableDigests.of(database.database())).isEqualTo(whole);
            assertThat(hasRemains(database.database())).as("remains").isFalse();
            System.out.printf("killed midway: %d of %d%n", midway, rounds);
        }
    }

    /** Some nanoseconds after so many transactions; the last line the process had to say. */
    private static String killAfter(Database database, int steps, int nanos, String... what)
            throws IOException, InterruptedException {
        return kill(database, (lines, _) -> lines <= steps, nanos, what);
    }

    private static void killAfterLine(Database database, String last, int nanos, String... what)
            throws IOException, InterruptedException {
        kill(database, (_, line) -> !line.equals(last), nanos, what);
    }

    /** Whether to go on after so many lines, the last of which is this. */
    private interface GoesOn {
        boolean after(int lines, String line);
    }

    private static String kill(Database database, GoesOn goesOn, int nanos, String... what)
            throws IOException, InterruptedException {
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
                        database.password(),
                        what[0],
                        what[1],
                        what[2])
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String last = "";
        try (BufferedReader lines = process.inputReader()) {
            String line = lines.readLine(); // ready
            for (int read = 1; line != null && goesOn.after(read, line); read++) {
                last = line;
                line = lines.readLine();
            }
            LockSupport.parkNanos(nanos);
        } finally {
            process.destroyForcibly(); // SIGKILL
        }
        process.waitFor();
        return last;
    }

    /** The process that gets killed: two checkpoints a transaction, a line after each. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) throws Exception {
            System.out.println("ready");
            var database = new Database(args[0], args[1], args[2]);
            if (args[3].equals("rebuild")) {
                new Rebuild(database)
                        .run(Projection.named(args[4]).orElseThrow(), position -> System.out.println(position.last()));
                return;
            }
            new Backfill(
                            database,
                            WalrusNetwork.mainnet(),
                            Optional.of("synthetic chain"),
                            Ingest.Limits.ofThisMachine().withBatchOf(2),
                            TipPriority.ofNone())
                    .run(
                            Scenarios.source(args[4]),
                            Long.parseLong(args[5]),
                            (phase, checkpoint, _) -> System.out.println(phase + " " + checkpoint));
        }
    }
}
