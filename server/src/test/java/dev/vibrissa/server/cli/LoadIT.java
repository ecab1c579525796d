package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.server.conformance.Program;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many who ask at once, while the chain goes on: nobody is refused, and indexing keeps up. */
@Tag("soak")
class LoadIT {
    private static final Path ROOT = Path.of(System.getProperty("vibrissa.root"));
    private static final int CONNECTIONS = 500;
    private static final Duration HOW_LONG = Duration.ofMinutes(Integer.getInteger("vibrissa.load.minutes", 5));
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long MOST_LAG_MILLIS = 2_000;
    private static final List<String> PATHS = List.of(
            "/v1/network",
            "/v1/blobs?limit=20",
            "/v1/blobs?order=-firstSeen&limit=20",
            "/v1/events?limit=20",
            "/v1/payments?limit=20",
            "/v1/operators",
            "/v1/expiry",
            "/v1/status");

    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final Queue<Long> lags = new ConcurrentLinkedQueue<>();
    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    Path directory = Path.of("");

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void fiveHundredConnectionsAreAnsweredBesideIngest() throws Exception {
        var program = Program.asLaunched(ROOT.resolve("server/target/quarkus-app/quarkus-run.jar"));
        try (var up = program.serve(
                        directory.resolve("log"), "--data", "" + directory.resolve("data"), "--walrus-epoch", "1m");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var paths = new ArrayList<>(PATHS);
            paths.addAll(blobs(up.address()));
            load(up.address(), paths, WARM_UP, threads);
            nanos.clear();
            complaints.clear();
            lags.clear();
            load(up.address(), paths, HOW_LONG, threads);
        }
        var sorted = nanos.stream().sorted().toList();
        long most = lags.stream().mapToLong(Long::longValue).max().orElseThrow();
        System.out.printf(
                "load connections=%d requests=%d failed=%d p50Millis=%d p99Millis=%d maxMillis=%d maxLagMillis=%d%n",
                CONNECTIONS,
                sorted.size(),
                complaints.size(),
                sorted.get(sorted.size() / 2) / 1_000_000,
                sorted.get(sorted.size() * 99 / 100) / 1_000_000,
                sorted.getLast() / 1_000_000,
                most);
        assertThat(complaints).isEmpty();
        assertThat(sorted).hasSize(Math.toIntExact(CONNECTIONS * HOW_LONG.toSeconds()));
        assertThat(most).isLessThan(MOST_LAG_MILLIS);
    }

    private List<String> blobs(URI server) throws IOException {
        var client = client();
        var paths = new ArrayList<String>();
        for (long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
                paths.isEmpty() && System.nanoTime() < end; ) {
            for (JsonNode blob :
                    json(client, server.resolve("/v1/blobs?limit=10")).at("/items")) {
                paths.add("/v1/blobs/" + blob.at("/blobId").asText());
                paths.add("/v1/blobs/" + blob.at("/blobId").asText() + "/history");
            }
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        }
        return paths;
    }

    /** Each connection asks once a second, at its own part of it; beside them one asks how late we are. */
    private void load(URI server, List<String> paths, Duration how, ExecutorService threads) throws Exception {
        long begin = System.nanoTime();
        var all = new ArrayList<Future<?>>();
        for (int i = 0; i < CONNECTIONS; i++) {
            int number = i;
            all.add(threads.submit(() -> {
                var client = client();
                for (long second = 0; second < how.toSeconds(); second++) {
                    long meant = begin + (second * CONNECTIONS + number) * 1_000_000_000L / CONNECTIONS;
                    until(meant);
                    ask(client, server.resolve(paths.get((int) ((second + number) % paths.size()))));
                    nanos.add(System.nanoTime() - meant);
                }
                return true;
            }));
        }
        all.add(threads.submit(() -> {
            var client = client();
            for (long half = 0; half < 2 * how.toSeconds(); half++) {
                until(begin + half * 500_000_000L);
                try {
                    lags.add(json(client, server.resolve("/v1/network"))
                            .at("/asOf/lagMillis")
                            .asLong());
                } catch (IOException e) {
                    complaints.add("lag: " + e);
                }
            }
            return true;
        }));
        for (var each : all) {
            each.get();
        }
    }

    private static void until(long nanos) {
        for (long left; (left = nanos - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
        }
    }

    /** With one connection of its own, kept. */
    private static OkHttpClient client() {
        return new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(1, 5, TimeUnit.MINUTES))
                .callTimeout(PATIENCE)
                .retryOnConnectionFailure(false)
                .build();
    }

    private void ask(OkHttpClient client, URI address) {
        try (var answer = client.newCall(
                        new Request.Builder().url(address.toString()).build())
                .execute()) {
            answer.body().bytes();
            if (answer.code() != 200) {
                complaints.add("%s: %d".formatted(address, answer.code()));
            }
        } catch (IOException e) {
            complaints.add("%s: %s".formatted(address, e));
        }
    }

    private JsonNode json(OkHttpClient client, URI address) throws IOException {
        try (var answer = client.newCall(
                        new Request.Builder().url(address.toString()).build())
                .execute()) {
            return json.readTree(answer.body().bytes());
        }
    }
}
