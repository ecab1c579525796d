package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of audits while they go on, over a socket that stays open. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
@Timeout(60)
class AuditStreamTest {
    private static final String THERE = "05".repeat(32);

    @Inject
    DataSource dataSource;

    @AutoClose
    private final HttpClient client = HttpClient.newHttpClient();

    private final ObjectMapper json = new ObjectMapper();

    /** Fields of an event as they came. */
    private final class Listener implements AutoCloseable {
        private final BufferedReader lines;

        Listener(String query, String... headers) throws IOException, InterruptedException {
            var request = HttpRequest.newBuilder(
                    URI.create("http://localhost:%d/v1/stream%s".formatted(RestAssured.port, query)));
            if (headers.length > 0) {
                request.headers(headers);
            }
            HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        /** The comment that says that somebody listens. */
        Listener begun() throws IOException {
            assertThat(lines.readLine()).startsWith(":");
            return this;
        }

        Map<String, String> next() throws IOException {
            var event = new HashMap<String, String>();
            for (String line = lines.readLine();
                    !line.isEmpty() || !event.containsKey("data");
                    line = lines.readLine()) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    event.put(
                            line.substring(0, colon), line.substring(colon + 1).strip());
                }
            }
            return event;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private JsonNode data(Map<String, String> event) throws IOException {
        return json.readTree(event.getOrDefault("data", ""));
    }

    @Test
    void aFrameIsToldWithItsRootAndSignatureAndRoundsAfterIt() throws Exception {
        String prover = given().get("/v1/provers").jsonPath().getString("items[0].prover");
        var published = given().get("/v1/frames/2").jsonPath();
        String heard = prover + "-1";
        try (var listener = new Listener("?from=0").begun()) {
            Map<String, String> event = listener.next();
            assertThat(event).containsEntry("event", "frame").containsEntry("id", heard);
            JsonNode frame = data(event);
            assertThat(frame.get("root").asText()).isEqualTo(published.getString("frame.root"));
            assertThat(frame.get("blobs").asLong()).isEqualTo(published.getLong("frame.blobs"));
            assertThat(frame.get("firstSeedHeight").asLong()).isEqualTo(published.getLong("frame.firstSeedHeight"));
            assertThat(frame.get("signature").asText())
                    .isEqualTo(given().get("/v1/log/roots").jsonPath().getString("items[0].signature"));
            assertThat(frame.at("/evidence/root/line").asText()).isEqualTo(published.getString("evidence.root.line"));
        }
        try (var listener = new Listener("", "Last-Event-ID", heard).begun()) {
            Map<String, String> round = listener.next();
            assertThat(round).containsEntry("event", "round");
            assertThat(json.readTree(data(round).get("line").asText())
                            .at("/body/round")
                            .asInt())
                    .isZero();
            Map<String, String> failure = listener.next();
            assertThat(failure).containsEntry("event", "failure");
            assertThat(data(failure).get("line").asText()).doesNotContain("\"verdict\":\"served\"");
        }
    }

    @Test
    void whatIsNewIsToldToWhoListens() throws Exception {
        run("""
                insert into prover (prover, name) values ('\\x%1$s', 'listened to');
                insert into log_head values ('\\x%1$s', 1, '\\x%1$s', 0, now())
                """.formatted(THERE));
        try (var listener = new Listener("?prover=" + THERE).begun()) {
            run("""
                    insert into log_entry select '\\x%1$s', l.sequence, l.hash, now(), l.kind, l.line
                      from log_entry l where l.sequence in (1, 2)
                        and l.prover = (select f.prover from frame f);
                    update log_head set next_sequence = 3 where prover = '\\x%1$s'
                    """.formatted(THERE));
            assertThat(listener.next()).containsEntry("event", "frame").containsEntry("id", THERE + "-1");
        } finally {
            run("""
                    delete from log_entry where prover = '\\x%1$s';
                    delete from log_head where prover = '\\x%1$s';
                    delete from prover where prover = '\\x%1$s'
                    """.formatted(THERE));
        }
    }

    @Test
    void whereToGoOnMustBeAnIdOfIt() {
        given().header("Last-Event-ID", "17").get("/v1/stream").then().statusCode(400);
        given().get("/v1/stream?from=x").then().statusCode(400);
    }

    private void run(String sql) throws Exception {
        try (var db = dataSource.getConnection();
                var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }
}
