package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.devnet.Devnet;
import dev.vibrissa.devnet.DevnetSettings;
import dev.vibrissa.devnet.FaultScript;
import dev.vibrissa.server.DocumentedMetrics;
import dev.vibrissa.server.conformance.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} without a network in a fresh directory, seen through the public API only: a Walrus that lives. */
class DevnetIT {
    private static final Path ROOT = Path.of(System.getProperty("vibrissa.root"));
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Program program = Program.of(ROOT.resolve("server/target/quarkus-app/quarkus-run.jar"));
    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    Path directory = Path.of("");

    @Test
    @Timeout(420)
    void blobsLiveAndExpireEpochsPassAndASecondStartGoesOn() throws Exception {
        Path log = directory.resolve("log");
        String[] options = {"--data", "" + directory.resolve("data"), "--walrus-epoch", "10s", "--seed", "7"};
        String certified;
        long tip;
        long epoch;
        JsonNode historyBefore;
        try (var up = program.serve(log, options);
                var http = HttpClient.newHttpClient()) {
            var api = new Api(http, up.address());
            certified = api.until("/v1/blobs?status=certified&order=firstSeen", blobs -> hasItems(blobs))
                    .at("/items/0/blobId")
                    .asText();
            api.until("/v1/blobs?status=expired", blobs -> hasItems(blobs));
            var network =
                    api.until("/v1/network", answer -> answer.at("/asOf/epoch").asLong() >= 3);
            assertThat(network.at("/label").asText()).contains("simulated");
            assertThat(network.at("/asOf/verified").asText()).isEqualTo("certificate");
            assertThat(network.at("/asOf/history").asText()).isEqualTo("complete");
            assertThat(api.text("/")).contains("simulated", "Newest blobs");
            assertThat(DocumentedMetrics.told(api.text("/q/metrics"))).isEqualTo(DocumentedMetrics.documented());
            tip = network.at("/asOf/checkpoint").asLong();
            epoch = network.at("/asOf/epoch").asLong();
            historyBefore = api.json("/v1/blobs/%s/history?at=checkpoint:%d".formatted(certified, tip));
        }
        Path lines = directory.resolve("log-of-second");
        var traces = new TraceReceiver();
        try (traces;
                var up = program.serve(lines, told(options, traces));
                var http = HttpClient.newHttpClient()) {
            var api = new Api(http, up.address());
            var network =
                    api.until("/v1/network", answer -> answer.at("/asOf/epoch").asLong() > epoch);
            assertThat(network.at("/asOf/checkpoint").asLong()).isGreaterThan(tip);
            assertThat(network.at("/checkpoints/first").asLong()).isZero();
            assertThat(network.at("/checkpoints/count").asLong())
                    .isEqualTo(network.at("/checkpoints/last").asLong() + 1);
            assertThat(api.json("/v1/blobs/%s/history?at=checkpoint:%d".formatted(certified, tip))
                            .at("/items"))
                    .isEqualTo(historyBefore.at("/items"));
            api.until(
                    "/v1/blobs?order=-firstSeen",
                    blobs -> blobs.at("/items/0/firstCheckpoint").asLong() > tip);
            up.close(); // and what is still to be told is
            assertThat(traces.text()).contains("GET /v1/network", "batch", "vibrissa.checkpoint", "service.name");
        }
        // What the JVM itself warns of is no log.
        var logged = Files.readAllLines(lines).stream()
                .filter(line -> !line.startsWith("WARNING: "))
                .toList();
        assertThat(logged).isNotEmpty().allSatisfy(line -> {
            var entry = json.readTree(line);
            assertThat(entry.at("/level").asText()).isNotEmpty();
            assertThat(entry.at("/message").asText()).isNotEmpty();
        });
    }

    /** The same with traces, and a log of JSON objects. */
    private static String[] told(String[] options, TraceReceiver traces) {
        return Stream.concat(
                        Stream.of(options), Stream.of("--log-format", "json", "--otlp-endpoint", "" + traces.address()))
                .toArray(String[]::new);
    }

    /** Faults of the stream cost time, never a checkpoint; an event that nobody knows is counted. */
    @Test
    @Timeout(240)
    void aScriptOfFaultsLosesNothing() throws Exception {
        Path script = Files.writeString(directory.resolve("faults"), """
                node 0  from 20s         down
                node 1  from 0s          corrupt 50%
                chain   at 4s            upgrade
                stream  at 5s            duplicate
                stream  at 6s            gap
                stream  at 7s            reorder
                stream  at 8s            disconnect
                stream  at 9s            damaged-certificate
                stream  at 10s           oversized 140000000
                stream  from 12s to 15s  unavailable
                """);
        String[] options = {
            "--data", "" + directory.resolve("data"), "--walrus-epoch", "10s", "--seed", "8", "--faults", "" + script
        };
        try (var up = program.serve(directory.resolve("log"), options);
                var http = HttpClient.newHttpClient()) {
            var api = new Api(http, up.address());
            api.until("/v1/network", answer -> answer.at("/checkpoints/last").asLong() > 120);
            var network = api.until(
                    "/v1/network", answer -> !answer.at("/unknownEventCounts").isEmpty());
            assertThat(network.at("/checkpoints/count").asLong())
                    .isEqualTo(network.at("/checkpoints/last").asLong() + 1);
            assertThat(network.at("/history/verification")).hasSize(1);
            assertThat(network.at("/history/verification/0/verified").asText()).isEqualTo("certificate");
            assertThat(network.at("/packages")).hasSize(4);
        }
    }

    @Test
    @Timeout(240)
    void whoBeginsAtTheTipKnowsThePresentAtOnce() throws Exception {
        var settings = new DevnetSettings(
                directory.resolve("network"),
                7,
                Optional.empty(),
                20,
                5,
                Duration.ofHours(1),
                Duration.ofMillis(50),
                FaultScript.NONE,
                1,
                0,
                0);
        try (var devnet = Devnet.start(settings)) {
            String source = "grpc://" + devnet.address().getAuthority();
            String[] options = {
                "--network",
                "custom",
                "--label",
                Devnet.LABEL,
                "--network-file",
                "" + devnet.networkFile(),
                "--trust",
                "" + devnet.committeeFile(),
                "--source",
                source,
                "--from",
                "tip",
                "--data",
                "" + directory.resolve("data")
            };
            // The program takes seconds to start, so that some dozens of checkpoints lie behind its first.
            try (var up = program.serve(directory.resolve("log"), options);
                    var http = HttpClient.newHttpClient()) {
                var api = new Api(http, up.address());
                var network = api.until("/v1/network", answer -> answer.has("history"));
                assertThat(network.at("/history/startedFrom").asText()).isEqualTo("snapshot");
                assertThat(network.at("/history/complete").asBoolean()).isFalse();
                assertThat(network.at("/asOf/history").asText()).isEqualTo("partial");
                assertThat(network.at("/checkpoints/first").asLong()).isGreaterThan(20);
                assertThat(network.at("/nShards").asInt()).isEqualTo(20);
                long epoch = network.at("/asOf/epoch").asLong();
                assertThat(epoch).isPositive();
                var committee = api.json("/v1/epochs/%d/committee".formatted(epoch));
                assertThat(committee.at("/members")).hasSize(5);
                assertThat(committee.at("/members"))
                        .allSatisfy(member ->
                                assertThat(member.at("/name").asText()).isNotEmpty());
                assertThat(api.json("/v1/epochs/%d".formatted(epoch))
                                .at("/epoch/storagePrice")
                                .asText())
                        .matches("[1-9][0-9]*");
            }
        }
    }

    private static boolean hasItems(JsonNode page) {
        return !page.at("/items").isEmpty();
    }

    private final class Api {
        private final HttpClient http;
        private final URI server;

        Api(HttpClient http, URI server) {
            this.http = http;
            this.server = server;
        }

        /** Asks again until the answer is as wished; fails with the last one. */
        JsonNode until(String path, Predicate<JsonNode> wished) throws IOException, InterruptedException {
            var end = Instant.now().plus(PATIENCE);
            JsonNode last = json(path);
            while (!wished.test(last)) {
                assertThat(Instant.now()).as("%s still answers %s", path, last).isBefore(end);
                LockSupport.parkNanos(POLL.toNanos());
                last = json(path);
            }
            return last;
        }

        JsonNode json(String path) throws IOException, InterruptedException {
            return json.readTree(text(path));
        }

        String text(String path) throws IOException, InterruptedException {
            return http.send(HttpRequest.newBuilder(server.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
