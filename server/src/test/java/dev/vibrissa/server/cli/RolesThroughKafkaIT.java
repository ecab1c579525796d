package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.testbroker.TestBroker;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two extractors, a projector, a verifier and an API, each a process of its own, on one broker and one database. Extractors and
 * projector are killed at random moments while a store grows; what is stored in the end is what one process alone would have
 * stored.
 */
class RolesThroughKafkaIT {
    private static final Path ROOT = Path.of(System.getProperty("vibrissa.root"));
    private static final Path JAR = ROOT.resolve("server/target/quarkus-app/quarkus-run.jar");
    private static final String SCENARIO = "blob-life";
    private static final Path FOLDER =
            ROOT.resolve("indexer/src/test/resources/scenarios").resolve(SCENARIO);
    private static final long FIRST = 1000;
    private static final long LAST = 1143;
    private static final List<String> TO_KILL = List.of("extractor-1", "extractor-2", "projector");

    private static final Duration DELAY = Duration.ofMillis(60);

    @TempDir
    Path directory = Path.of("");

    private final AtomicLong tip = new AtomicLong(FIRST);
    private final AtomicLong fetched = new AtomicLong();
    private final Map<String, Process> processes = new LinkedHashMap<>();

    @Test
    @Timeout(400)
    void fiveKillsLoseNothingAndDoubleNothing() throws Exception {
        killed(1, 5, seed());
    }

    @Test
    @Tag("soak")
    @Timeout(7200)
    void fiftyKillsLoseNothingAndDoubleNothing() throws Exception {
        killed(10, 5, seed());
    }

    private static long seed() {
        return Long.getLong("kafka.kills", System.nanoTime());
    }

    /** Scenarios one after the other on one broker, some kills in each. */
    private void killed(int scenarios, int kills, long seed) throws Exception {
        System.out.println("seed kafka.kills=" + seed);
        var random = new Random(seed);
        int inFlight = 0;
        try (var broker = TestBroker.start()) {
            for (int i = 0; i < scenarios; i++) {
                inFlight += scenario(broker, "round-" + i, kills, random);
            }
        }
        System.out.printf("kills=%d inFlight=%d%n", scenarios * kills, inFlight);
        assertThat(inFlight).isGreaterThanOrEqualTo((scenarios * kills + 1) / 2);
    }

    private int scenario(TestBroker broker, String prefix, int kills, Random random) throws Exception {
        tip.set(FIRST);
        fetched.set(0);
        var store = store();
        int inFlight = 0;
        try (var database = TestDatabase.migrated()) {
            int apiPort = freePort();
            String source = "http://127.0.0.1:" + store.getAddress().getPort();
            var start = new Start(broker, database, prefix, source);
            for (String each : TO_KILL) {
                start.role(each, freePort());
            }
            start.role("verifier", freePort());
            start.role("api", apiPort);
            for (int kill = 0; kill < kills; kill++) {
                long begin = tip.get();
                await("checkpoint " + begin, () -> watermark(database) >= begin); // all are at work again
                long end = FIRST + (LAST - FIRST) * (kill + 1) / kills;
                long moment = begin + 1 + random.nextLong((end - begin) / 2); // so that there is work left
                tip.set(end);
                await("a fetch of " + moment, () -> fetched.get() >= moment);
                String victim = TO_KILL.get(random.nextInt(TO_KILL.size()));
                long stored = watermark(database);
                Objects.requireNonNull(processes.get(victim)).destroyForcibly().waitFor();
                inFlight += stored < end ? 1 : 0;
                start.role(victim, freePort());
            }
            await("checkpoint " + LAST, () -> watermark(database) == LAST);
            await("the API", () -> indexedUpTo(apiPort) == LAST);
            assertThat(processes.values()).allMatch(Process::isAlive);
            assertThat(metrics(apiPort)).contains("vibrissa_kafka_lag", "vibrissa_kafka_dead_letters 0.0");
            assertThat(Stored.in(database)).isEqualTo(undisturbed());
        } finally {
            processes.values().forEach(Process::destroyForcibly);
            for (Process each : processes.values()) {
                each.waitFor();
            }
            processes.clear();
            store.stop(0);
        }
        return inFlight;
    }

    /** How a role is started, and started again. */
    private final class Start {
        private final TestBroker broker;
        private final TestDatabase database;
        private final String prefix;
        private final String source;
        private final Path client;

        Start(TestBroker broker, TestDatabase database, String prefix, String source) throws IOException {
            this.broker = broker;
            this.database = database;
            this.prefix = prefix;
            this.source = source;
            // Whoever is killed is missed soon.
            this.client = Files.writeString(
                    directory.resolve("client.properties"),
                    "session.timeout.ms=1500\nheartbeat.interval.ms=400\ntransaction.timeout.ms=2000\ndelivery.timeout.ms=2000\n"
                            + "request.timeout.ms=1000\n");
        }

        void role(String name, int port) throws IOException {
            var command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-Xmx256m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-jar",
                    JAR.toString(),
                    "up",
                    "--roles",
                    name.replaceAll("-.*", ""),
                    "--port",
                    Integer.toString(port),
                    "--network",
                    "mainnet",
                    "--label",
                    "synthetic chain",
                    "--trust",
                    FOLDER.resolve("trust-anchor.committee.bcs").toString(),
                    "--from",
                    Long.toString(FIRST),
                    "--source",
                    source,
                    "--data",
                    directory.resolve(name).toString(),
                    "--kafka-prefix",
                    prefix,
                    "--kafka-range",
                    "8",
                    "--kafka-config",
                    client.toString()));
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve(name + ".log").toFile()));
            builder.environment().keySet().removeIf(variable -> variable.startsWith("VIBRISSA_"));
            builder.environment()
                    .putAll(Map.of(
                            "VIBRISSA_CONFIG", "/dev/null",
                            "VIBRISSA_API_RESOLVE_HOSTS_EVERY", "0",
                            "VIBRISSA_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                            "VIBRISSA_DB_URL", database.database().jdbcUrl(),
                            "VIBRISSA_DB_USER", database.database().user(),
                            "VIBRISSA_DB_PASSWORD", database.database().password()));
            processes.put(name, builder.start());
        }
    }

    private HttpServer store() throws IOException {
        var store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", exchange -> {
            try (exchange) {
                String name = exchange.getRequestURI().getPath().substring(1);
                long number = Long.parseLong(name.replace(".binpb.zst", ""));
                if (number > tip.get()) {
                    exchange.sendResponseHeaders(404, -1);
                    return;
                }
                // One after the other and each with some delay, as from afar: so there is work that a kill can hit.
                LockSupport.parkNanos(DELAY.toNanos());
                byte[] body = Files.readAllBytes(FOLDER.resolve(name));
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                fetched.accumulateAndGet(number, Math::max);
            }
        });
        store.start();
        return store;
    }

    /**
     * What is in a database.
     *
     * @param tables their digests by name
     * @param told the digest of what was told as news
     */
    private record Stored(Map<String, String> tables, String told) {
        static Stored in(TestDatabase database) throws SQLException {
            return new Stored(TableDigests.of(database.database()), TableDigests.told(database.database()));
        }
    }

    private static Stored undisturbed() throws Exception {
        try (var database = TestDatabase.migrated();
                var source = FileSource.of(List.of(FOLDER))) {
            new Ingest(
                            database.database(),
                            WalrusNetwork.mainnet(),
                            Optional.of("synthetic chain"),
                            TrustAnchor.parse(
                                    FOLDER.resolve("trust-anchor.committee.bcs").toString()),
                            Ingest.Limits.ofThisMachine())
                    .run(source, Progress.SILENT);
            return Stored.in(database);
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void await(String what, Condition condition) throws Exception {
        for (long end = System.nanoTime() + Duration.ofSeconds(120).toNanos(); System.nanoTime() < end; ) {
            if (condition.holds()) {
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        var logs = new StringBuilder();
        for (String each : processes.keySet()) {
            String log = Files.readString(directory.resolve(each + ".log"));
            logs.append("%n== %s%n%s".formatted(each, log.substring(Math.max(0, log.length() - 3000))));
        }
        throw new AssertionError(what + " did not come: " + logs);
    }

    private static long watermark(TestDatabase database) throws SQLException {
        try (var db = database.connect();
                var statement = db.createStatement();
                var row = statement.executeQuery(
                        "select coalesce(max(last_checkpoint), -1) from watermark where pipeline = 'facts'")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static long indexedUpTo(int port) throws InterruptedException {
        try {
            return new ObjectMapper()
                    .readTree(get(port, "/v1/network"))
                    .at("/asOf/checkpoint")
                    .asLong();
        } catch (IOException e) {
            return -1; // not listening yet
        }
    }

    private static String metrics(int port) throws IOException, InterruptedException {
        return get(port, "/q/metrics");
    }

    private static String get(int port, String path) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /** Below those that connections of the other processes get, one of which might take it before the role does. */
    private static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException _) {
                // somebody has it
            }
        }
    }
}
