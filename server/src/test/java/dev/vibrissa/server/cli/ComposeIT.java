package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.server.conformance.Program;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * The services of the composition that run this program, started as processes with the very commands and variables that
 * stand there; only where the database, the chain and the folders are is another matter here. Those of the profile kafka
 * need a broker, and have their own test.
 */
class ComposeIT {
    private static final Path ROOT = Path.of(System.getProperty("vibrissa.root"));
    private static final Path FOLDER = ROOT.resolve("indexer/src/test/resources/scenarios/blob-life");
    private static final long LAST = 1143;

    @AutoClose
    private final TestDatabase database = TestDatabase.migrated();

    @AutoClose
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path directory = Path.of("");

    private record Running(String service, Process process, URI address) {}

    @Test
    @Timeout(180)
    void theServicesOfTheCompositionWorkTogether() throws Exception {
        var running = new ArrayList<Running>();
        try (var store = new GrowingStore(FOLDER, LAST)) {
            for (var service : services().entrySet()) {
                running.add(start(service.getKey(), service.getValue(), store));
            }
            assertThat(running).extracting(Running::service).containsExactly("indexer", "verifier", "api");
            var api = running.getLast();
            until(api, "/v1/network", "\"last\":\"" + LAST + "\"", "\"last\":" + LAST);
            for (Running each : running) {
                until(each, "/q/health/live", "\"UP\"");
                until(each, "/q/health", "\"UP\"");
            }
            until(running.getFirst(), "/q/health/well", "has the turn", "committed checkpoint " + LAST);
            running.forEach(each -> each.process().destroy()); // as docker stop does
            for (Running each : running) {
                assertThat(each.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            running.forEach(each -> each.process().destroyForcibly());
        }
    }

    /** Those of our image that belong to no profile, in the order of the file. */
    private static Map<String, Map<String, Object>> services() throws IOException {
        try (Reader file = Files.newBufferedReader(ROOT.resolve("docker-compose.yml"))) {
            Map<String, Map<String, Map<String, Object>>> composition = new Yaml().load(file);
            var ours = new java.util.LinkedHashMap<String, Map<String, Object>>();
            composition.getOrDefault("services", Map.of()).forEach((name, service) -> {
                if ("vibrissa:latest".equals(service.get("image")) && !service.containsKey("profiles")) {
                    ours.put(name, service);
                }
            });
            return ours;
        }
    }

    private Running start(String name, Map<String, Object> service, GrowingStore store) throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var variables = new HashMap<String, String>();
        ((Map<?, ?>) service.get("environment"))
                .forEach((key, value) -> variables.put(key.toString(), defaultOf(value.toString())));
        assertThat(variables).containsKeys("VIBRISSA_DB_URL", "VIBRISSA_DB_USER", "VIBRISSA_DB_PASSWORD");
        variables.putAll(Map.of(
                "VIBRISSA_DB_URL", database.database().jdbcUrl(),
                "VIBRISSA_DB_USER", database.database().user(),
                "VIBRISSA_DB_PASSWORD", database.database().password(),
                "VIBRISSA_PORT", Integer.toString(port),
                "VIBRISSA_NETWORK", "mainnet",
                "VIBRISSA_LABEL", "synthetic chain",
                "VIBRISSA_FROM", "1000",
                "VIBRISSA_SOURCE", store.address()));
        List<String> command = ((List<?>) service.get("command"))
                .stream()
                        .map(word -> word.toString()
                                .replace("0.0.0.0", "127.0.0.1")
                                .replace("/var/lib/vibrissa", "" + directory.resolve(name)))
                        .toList();
        var process = Program.of(ROOT.resolve("server/target/quarkus-app/quarkus-run.jar"))
                .with(variables)
                .start(directory.resolve(name + ".log"), command.toArray(String[]::new));
        return new Running(name, process, URI.create("http://127.0.0.1:" + port));
    }

    /** What compose makes of {@code ${NAME:-default}} where the variable is not set. */
    private static String defaultOf(String value) {
        return value.replaceAll("\\$\\{[A-Z_]+:-([^}]*)}", "$1");
    }

    /** Asks until the answer has one of the texts. */
    private void until(Running server, String path, String... oneOf) throws Exception {
        String last = "";
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90); System.nanoTime() < end; ) {
            assertThat(server.process().isAlive()).as(() -> log(server)).isTrue();
            try {
                last = http.send(
                                HttpRequest.newBuilder(server.address().resolve(path))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
                for (String wanted : oneOf) {
                    if (new ObjectMapper().readTree(last).toString().contains(wanted)) {
                        return;
                    }
                }
            } catch (IOException _) {
                // not listening yet
            }
            LockSupport.parkNanos(100_000_000);
        }
        throw new AssertionError("%s%s still answers %s%n%s".formatted(server.service(), path, last, log(server)));
    }

    private String log(Running server) {
        try {
            return Files.readString(directory.resolve(server.service() + ".log"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
