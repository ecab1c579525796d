package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.changes.Outbox;
import dev.vibrissa.changes.v1.Change;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is new on the chain, over a socket that stays open. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
@Timeout(60)
class ChangeStreamTest {
    private static final String NODE = "0x" + "ab".repeat(32);
    private static final String OTHER = "0x" + "cd".repeat(32);

    @Inject
    DataSource dataSource;

    @AutoClose
    private final HttpClient client = HttpClient.newHttpClient();

    private final ObjectMapper json = new ObjectMapper();

    private BufferedReader listen(String query, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(
                URI.create("http://localhost:%d/v1/stream%s".formatted(RestAssured.port, query)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        assertThat(lines.readLine()).startsWith(":");
        return lines;
    }

    private static Map<String, String> next(BufferedReader lines) throws Exception {
        var event = new HashMap<String, String>();
        for (String line = lines.readLine(); !line.isEmpty() || !event.containsKey("data"); line = lines.readLine()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                event.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return event;
    }

    private JsonNode data(Map<String, String> event) throws Exception {
        return json.readTree(event.getOrDefault("data", ""));
    }

    @Test
    void whatWasIndexedIsToldFromTheBeginningAndAgainFromWhereSomebodyLeft() throws Exception {
        Map<String, String> first;
        try (var lines = listen("?topics=blob", "Last-Event-ID", "c0")) {
            first = next(lines);
            assertThat(first).containsEntry("event", "blob");
            assertThat(data(first).get("id").asText())
                    .isEqualTo(first.getOrDefault("id", "").substring(1));
            assertThat(data(first).at("/place/checkpoint").asLong()).isPositive();
        }
        try (var lines = listen("?topics=blob", "Last-Event-ID", first.getOrDefault("id", ""))) {
            assertThat(data(next(lines)).get("id").asLong())
                    .isGreaterThan(data(first).get("id").asLong());
        }
    }

    @Test
    void whoAsksForANodeHearsOfItAlone() throws Exception {
        try (var lines = listen("?topics=operator,price&node=" + NODE)) {
            tell(OTHER, NODE, OTHER, NODE);
            for (int i = 0; i < 2; i++) {
                Map<String, String> event = next(lines);
                assertThat(event).containsEntry("event", "operator");
                assertThat(data(event).at("/commissionAnnounced/nodeId").asText())
                        .isEqualTo(NODE);
            }
        }
    }

    @Test
    void whatNobodyCanReadIsPassedOverAndCounted() throws Exception {
        double before = metric("vibrissa_stream_passed_over_total");
        try (var lines = listen("?topics=operator&node=" + NODE)) {
            try (var db = dataSource.getConnection();
                    var statement = db.createStatement()) {
                db.setAutoCommit(false);
                Outbox.append(db, List.of(commission(NODE)));
                statement.execute("update change set body = '\\xffffffff' where id = (select max(id) from change)");
                db.commit();
            }
            tell(NODE);
            assertThat(data(next(lines)).at("/commissionAnnounced/nodeId").asText())
                    .isEqualTo(NODE);
        }
        assertThat(metric("vibrissa_stream_passed_over_total")).isGreaterThan(before);
    }

    @Test
    void aPlaceIsOneOfAllTopics() throws Exception {
        String entry = given().get("/v1/provers").jsonPath().getString("items[0].prover") + "-1";
        Map<String, String> told;
        try (var lines = listen("?topics=audit,operator", "Last-Event-ID", entry)) {
            Map<String, String> round = next(lines);
            assertThat(round).containsEntry("event", "round");
            assertThat(round.get("id")).matches("[0-9a-f]{64}-[0-9]+\\.c[0-9]+");
            tell(NODE);
            told = next(lines);
            while (!"operator".equals(told.get("event"))) {
                told = next(lines);
            }
            assertThat(told.get("id")).matches("[0-9a-f]{64}-[0-9]+\\.c[0-9]+");
        }
        tell(OTHER);
        try (var lines = listen("?topics=audit,operator", "Last-Event-ID", told.getOrDefault("id", ""))) {
            assertThat(data(next(lines)).at("/commissionAnnounced/nodeId").asText())
                    .isEqualTo(OTHER);
        }
    }

    @Test
    void whatIsNoLongerKeptIsSaid() throws Exception {
        try (var lines = listen("?topics=price", "Last-Event-ID", "c999999999")) {
            Map<String, String> gap = next(lines);
            assertThat(gap).containsEntry("event", "gap");
            assertThat(data(gap).get("asked").asText()).isEqualTo("999999999");
        }
    }

    /** A socket that is not read from: what waits for it must not grow for ever. */
    @Test
    void whoDoesNotReadIsCut() throws Exception {
        double before = cut();
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress("localhost", RestAssured.port));
            socket.getOutputStream()
                    .write("GET /v1/stream?topics=operator&node=%s HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .formatted(OTHER)
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            String[] many = new String[1_000];
            Arrays.fill(many, OTHER);
            for (int i = 0; i < 40 && cut() == before; i++) {
                tell(many);
            }
            while (cut() == before) {
                LockSupport.parkNanos(100_000_000);
            }
        }
    }

    private static double cut() {
        return metric("vibrissa_stream_cut_total");
    }

    private static double metric(String name) {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void whatCannotBeReadIsRefused() {
        given().get("/v1/stream?topics=weather").then().statusCode(400);
        given().get("/v1/stream?node=x").then().statusCode(400);
        given().header("Last-Event-ID", "c").get("/v1/stream").then().statusCode(400);
    }

    private void tell(String... nodes) throws Exception {
        try (var db = dataSource.getConnection()) {
            Outbox.append(
                    db,
                    List.of(nodes).stream().map(ChangeStreamTest::commission).toList());
        }
    }

    private static Change commission(String node) {
        var change = Change.newBuilder();
        change.getCommissionAnnouncedBuilder().setNodeId(node).setRate(600);
        return change.build();
    }
}
