package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.server.conformance.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes with all roles on one database and one key: one works, the other stands by, and each takes over from the other. */
class TakeOverIT {
    private static final Path ROOT = Path.of(System.getProperty("vibrissa.root"));
    private static final Path FOLDER = ROOT.resolve("indexer/src/test/resources/scenarios/blob-life");
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final long LAST = 1143;

    private final ObjectMapper json = new ObjectMapper();

    @AutoClose
    private final HttpClient http = HttpClient.newHttpClient();

    @AutoClose
    private final TestDatabase database = TestDatabase.migrated();

    @TempDir
    Path directory = Path.of("");

    @Test
    @Timeout(240)
    void oneFreezesTheOtherIsKilledAndTheLastDrains() throws Exception {
        try (var store = new GrowingStore(FOLDER, 1020);
                var first = up("first", store);
                var _ = awaiting(() -> indexed() == 1020);
                var second = up("second", store)) {
            await(second, "indexer", "stands_by");
            await(second, "verifier", "stands_by");
            assertThat(health(second).at("/status").asText()).isEqualTo("UP");
            assertThat(standing(second, "indexer")).contains("another indexer works on this database");
            assertThat(standing(first, "indexer")).contains("committed checkpoint 1020");
            assertThat(text(second, "/q/metrics"))
                    .contains("vibrissa_work_state{role=\"indexer\",state=\"stands_by\"} 1.0")
                    .contains("vibrissa_work_state{role=\"indexer\",state=\"works\"} 0.0");

            signal(first, "STOP");
            store.growTo(1060);
            System.out.printf("taken over from a frozen one after %s%n", within(WITHIN, () -> indexed() == 1060));
            await(second, "verifier", "works");
            signal(first, "CONT");
            await(first, "indexer", "stands_by");
            await(first, "verifier", "stands_by");

            second.process().destroyForcibly();
            store.growTo(LAST);
            System.out.printf("taken over from a killed one after %s%n", within(WITHIN, () -> indexed() == LAST));
            await(first, "verifier", "works");
            drains(first);
        }
        try (var peaceful = TestDatabase.migrated();
                var source = FileSource.of(List.of(FOLDER))) {
            new Ingest(
                            peaceful.database(),
                            WalrusNetwork.mainnet(),
                            Optional.of("synthetic chain"),
                            new TrustAnchor.Unverified(),
                            Ingest.Limits.ofThisMachine())
                    .run(source, Progress.SILENT);
            var expected = TableDigests.of(peaceful.database());
            var found = TableDigests.of(database.database());
            // What the verifiers wrote is theirs.
            expected.keySet().removeAll(List.of("prover", "log_head", "log_entry", "node_progress"));
            found.keySet().removeAll(List.of("prover", "log_head", "log_entry", "node_progress"));
            assertThat(found).isEqualTo(expected);
            assertThat(TableDigests.told(database.database())).isEqualTo(TableDigests.told(peaceful.database()));
        }
    }

    /** Told to stop, it finishes the request that is under way, takes no more, and is gone soon. */
    private void drains(Program.Server server) throws Exception {
        try (var blocking = database.connect();
                var statement = blocking.createStatement()) {
            blocking.setAutoCommit(false);
            statement.execute("lock table checkpoint in access exclusive mode");
            var underWay = http.sendAsync(
                    HttpRequest.newBuilder(server.address().resolve("/v1/checkpoints/1000"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            within(
                    PATIENCE,
                    () -> !rows("select from pg_stat_activity where wait_event_type = 'Lock'")
                            .isEmpty());
            server.process().destroy(); // SIGTERM
            blocking.rollback();
            assertThat(underWay.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
        assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(server.process().exitValue()).isIn(0, 143);
        assertThat(status(server)).isZero();
        assertThat(rows("select application_name from pg_stat_activity where application_name like 'vibrissa %'"
                        + " and datname = current_database()"))
                .isEmpty();
        assertThat(Files.readString(directory.resolve("first.log"))).doesNotContain("Exception");
    }

    private Program.Server up(String name, GrowingStore store) throws InterruptedException {
        var here = database.database();
        return Program.of(ROOT.resolve("server/target/quarkus-app/quarkus-run.jar"))
                .with(Map.of(
                        "VIBRISSA_DB_URL", here.jdbcUrl(),
                        "VIBRISSA_DB_USER", here.user(),
                        "VIBRISSA_DB_PASSWORD", here.password()))
                .serve(
                        directory.resolve(name + ".log"),
                        "--network",
                        "mainnet",
                        "--label",
                        "synthetic chain",
                        "--from",
                        "1000",
                        "--contact",
                        "http://127.0.0.1/",
                        "--source",
                        store.address(),
                        "--data",
                        "" + directory.resolve("data")); // with the key of the audit log
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static AutoCloseable awaiting(Condition condition) throws Exception {
        within(PATIENCE, condition);
        return () -> {};
    }

    private static Duration within(Duration patience, Condition condition) throws Exception {
        long begin = System.nanoTime();
        while (!condition.holds()) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(patience);
            LockSupport.parkNanos(POLL.toNanos());
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private void await(Program.Server server, String role, String state) throws Exception {
        try {
            within(PATIENCE, () -> standing(server, role).startsWith(state + " since "));
        } catch (AssertionError late) {
            throw new AssertionError("%s is not %s but %s".formatted(role, state, health(server)), late);
        }
    }

    private String standing(Program.Server server, String role) throws IOException, InterruptedException {
        return health(server).at("/checks/0/data/" + role).asText();
    }

    private JsonNode health(Program.Server server) throws IOException, InterruptedException {
        return json.readTree(text(server, "/q/health/well"));
    }

    private String text(Program.Server server, String path) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(server.address().resolve(path)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private int status(Program.Server server) throws InterruptedException {
        try {
            URI path = server.address().resolve("/v1/methodology");
            return http.send(HttpRequest.newBuilder(path).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException _) {
            return 0; // it listens no more
        }
    }

    private static void signal(Program.Server server, String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, "" + server.process().pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    private long indexed() throws Exception {
        return Long.parseLong(rows("select coalesce(max(last_checkpoint), 0) from watermark where pipeline = 'facts'")
                .getFirst());
    }

    private List<String> rows(String sql) throws Exception {
        return TableRows.of(database.database(), sql);
    }
}
