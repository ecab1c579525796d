package dev.vibrissa.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands around answers: for scripts of other pages, and for lines that are slow. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
@Timeout(60)
class OtherOriginsTest {
    private static final String ORIGIN = "https://example.org";

    @TestHTTPResource("/")
    URI server = URI.create("/");

    /** Headers are sent and shown as they are. */
    private HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(server.resolve(path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .headers(headers)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void aPageOfAnybodyMayReadButNotInTheNameOfItsReader() throws Exception {
        var answer = send("GET", "/v1/blobs?limit=1&format=csv", "Origin", ORIGIN);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Access-Control-Allow-Origin")).isIn("*", ORIGIN);
        assertThat(header(answer, "Access-Control-Allow-Credentials")).isNotEqualTo("true");
        assertThat(header(answer, "Access-Control-Expose-Headers"))
                .contains("ETag", "RateLimit", "Retry-After", "Vibrissa-Next-Cursor");
        assertThat(header(answer, "Vibrissa-Next-Cursor")).isNotEmpty();
    }

    @Test
    void aPreflightAllowsReadingWithAKeyAndNothingElse() throws Exception {
        var reading = preflight("GET");
        assertThat(reading.statusCode()).isEqualTo(200);
        assertThat(header(reading, "Access-Control-Allow-Methods")).contains("GET");
        assertThat(header(reading, "Access-Control-Allow-Headers")).containsIgnoringCase("authorization");
        assertThat(header(reading, "Access-Control-Max-Age")).isEqualTo("86400");
        assertThat(header(preflight("DELETE"), "Access-Control-Allow-Methods")).doesNotContain("DELETE");
    }

    private HttpResponse<byte[]> preflight(String method) throws Exception {
        return send(
                "OPTIONS",
                "/v1/webhooks",
                "Origin",
                ORIGIN,
                "Access-Control-Request-Method",
                method,
                "Access-Control-Request-Headers",
                "authorization");
    }

    @Test
    void aScriptCanReadThatItWasTurnedAway() throws Exception {
        HttpResponse<byte[]> answer;
        int asked = 0;
        do {
            answer = send("GET", "/v1/methodology", "Origin", ORIGIN, "X-Forwarded-For", "203.0.113.51");
            asked++;
        } while (answer.statusCode() == 200 && asked < 300);
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(header(answer, "Access-Control-Allow-Origin")).isIn("*", ORIGIN);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/blobs, application/json",
        "/v1/blobs?format=csv, text/csv",
        "/v1/log?format=ndjson, application/x-ndjson",
        "/blobs, text/html",
        "/assets/page.js, text/javascript",
        "/v1/openapi?format=json, application/json"
    })
    void whatIsTextIsCompressedForWhoTakesIt(String path, String type) throws Exception {
        var compressed = send("GET", path, "Accept-Encoding", "gzip");
        assertThat(header(compressed, "Content-Type")).startsWith(type);
        assertThat(header(compressed, "Content-Encoding")).isEqualTo("gzip");
        try (var in = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
            assertThat(in.readAllBytes()).hasSizeGreaterThan(compressed.body().length);
        }
        assertThat(header(send("GET", path, "Accept", "*/*"), "Content-Encoding")).isEmpty();
    }

    @Test
    void whatIsKeptForOneIsNotGivenToAnother() throws Exception {
        var answer = send("GET", "/v1/blobs?at=checkpoint:1066", "Accept-Encoding", "gzip");
        assertThat(answer.headers().allValues("Vary").toString()).contains("Accept", "Accept-Encoding");
        var again = send(
                "GET", "/v1/blobs?at=checkpoint:1066", "If-None-Match", header(answer, "ETag"), "Accept-Encoding", "gzip");
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/v1/stream?topics=price", "/live"})
    void streamsAreNotCompressed(String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var stream = client.send(
                    HttpRequest.newBuilder(server.resolve(path))
                            .header("Accept-Encoding", "gzip")
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            try (var in = stream.body()) {
                assertThat(header(stream, "Content-Type")).startsWith("text/event-stream");
                assertThat(header(stream, "Content-Encoding")).isEmpty();
                // It comes as it is said, not when enough is.
                assertThat(in.read()).isIn((int) ':', (int) 'e', (int) 'i', (int) 'd');
            }
        }
    }
}
