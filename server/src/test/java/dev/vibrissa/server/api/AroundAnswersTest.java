package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.vibrissa.migrations.Database;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands around answers: for scripts of other pages, for lines that are slow, and for whoever has no time. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
@Timeout(60)
class AroundAnswersTest {
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
            answer = send("GET", "/v1/methodology", "Origin", ORIGIN, "X-Forwarded-For", "203.0.113.61");
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
        assertThat(header(send("GET", path, "Accept", "*/*"), "Content-Encoding"))
                .isIn("", "identity");
    }

    @Test
    void whatIsKeptForOneIsNotGivenToAnother() throws Exception {
        String past = "/v1/epochs/2?at=checkpoint:1066";
        var answer = send("GET", past, "Accept-Encoding", "gzip");
        assertThat(answer.headers().allValues("Vary").toString()).contains("Accept", "Accept-Encoding", "Origin");
        var again = send("GET", past, "If-None-Match", header(answer, "ETag"), "Accept-Encoding", "gzip");
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
                assertThat(header(stream, "Content-Encoding")).isIn("", "identity");
                // It comes as it is said, not when enough is.
                assertThat(in.read()).isIn((int) ':', (int) 'e', (int) 'i', (int) 'd');
            }
        }
    }

    /** Far below the 10 s that a statement has otherwise. */
    private static final long MOST_MILLIS = 4_000;

    @Inject
    DataSource dataSource;

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String url = "";

    @ConfigProperty(name = "quarkus.datasource.username")
    String user = "";

    @ConfigProperty(name = "quarkus.datasource.password")
    String password = "";

    /** What reads the table waits until the connection is closed. */
    private Connection holding(String table) throws Exception {
        Connection db = dataSource.getConnection();
        db.setAutoCommit(false);
        try (var statement = db.createStatement()) {
            statement.execute("lock table %s in access exclusive mode".formatted(table));
        }
        return db;
    }

    /** As the server says, whose clock does not run while a busy machine gets ready to ask. */
    private static long tookMillis(Response answer) {
        var numbers = Pattern.compile("of which ([0-9]+) ms are over").matcher(answer.path("detail"));
        assertThat(numbers.find()).isTrue();
        return Long.parseLong(numbers.group(1));
    }

    @Test
    void aStatementThatWaitsIsStoppedAtTheDeadlineOfItsRequest() throws Exception {
        Connection held = holding("epoch");
        try {
            Response answer = given().header("Prefer", "wait=1").get("/v1/epochs");
            answer.then()
                    .statusCode(504)
                    .contentType(startsWith("application/problem+json"))
                    .header("Preference-Applied", equalTo("wait=1"))
                    .body("type", equalTo("urn:vibrissa:problem:took-too-long"))
                    .body("detail", containsString("the request has 1000 ms, of which "));
            assertThat(tookMillis(answer)).isBetween(900L, MOST_MILLIS);
        } finally {
            held.rollback();
            held.close();
        }
        given().header("Prefer", "wait=1").get("/v1/epochs").then().statusCode(200);
    }

    /** An answer of many statements has one deadline, not one for each. */
    @Test
    void aLaterStatementHasWhatIsLeft() throws Exception {
        Connection held = holding("storage_pool");
        try {
            Response answer = given().header("Prefer", "wait=1").get("/v1/expiry");
            answer.then().statusCode(504);
            assertThat(tookMillis(answer)).isBetween(900L, MOST_MILLIS);
        } finally {
            held.rollback();
            held.close();
        }
    }

    /** Whoever comes when every connection is in use is told so in time; as soon as one is free again, all are answered. */
    @Test
    void whereNoConnectionIsFreeThatIsSaidInTime() throws Exception {
        try (var outside = new Database(url, user, password).connect();
                var client = HttpClient.newHttpClient();
                var statement = outside.createStatement()) {
            outside.setAutoCommit(false);
            statement.execute("lock table epoch in access exclusive mode");
            var waiting = Stream.generate(() ->
                            HttpRequest.newBuilder(server.resolve("/v1/epochs")).build())
                    .limit(IndexedScenario.CONNECTIONS)
                    .map(request -> client.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
                    .toList();
            try {
                while (sessionsThatWait(statement) < IndexedScenario.CONNECTIONS) {
                    Thread.onSpinWait();
                }
                for (String path : List.of("/v1/blobs?limit=1", "/blobs")) {
                    long begin = System.nanoTime();
                    var answer = send("GET", path, "Prefer", "wait=1");
                    assertThat(answer.statusCode()).as(path).isEqualTo(503);
                    assertThat(header(answer, "Retry-After")).as(path).isEqualTo("5");
                    assertThat((System.nanoTime() - begin) / 1_000_000).as(path).isLessThan(MOST_MILLIS);
                }
            } finally {
                outside.rollback();
            }
            for (var each : waiting) {
                assertThat(each.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
        }
        given().get("/v1/blobs?limit=1").then().statusCode(200);
    }

    /** As in a database that an older program began. */
    @Test
    void sumsThatWereNotKeptYetAreNotMadeUp() throws Exception {
        String held = "/v1/addresses/0x74859b34e50592e4cd11ef9e38d7c36e419bbe13a27b22eabb9229ad432e5940";
        try (var db = dataSource.getConnection();
                var statement = db.createStatement()) {
            statement.execute("insert into ending_history_since values (1067)");
            try {
                for (String path : List.of("/v1/expiry", "/v1/expiry/owners", held)) {
                    given().get(path + "?at=checkpoint:1066")
                            .then()
                            .statusCode(404)
                            .body("type", equalTo("urn:vibrissa:problem:not-indexed"))
                            .body("detail", containsString("from checkpoint 1067 on"));
                    given().get(path + "?at=checkpoint:1067").then().statusCode(200);
                }
            } finally {
                statement.execute("delete from ending_history_since");
            }
        }
    }

    /** What is listed one by one needs no sums, and is whole before they begin. */
    @Test
    void whatIsInPoolsIsListedAlsoWhereItWasNotCountedYet() throws Exception {
        try (var db = dataSource.getConnection();
                var statement = db.createStatement()) {
            String path;
            try (var row = statement.executeQuery("""
                    select t.end_epoch, h.checkpoint from pool_content_history h join storage_pool_term t using (storage_pool_id)
                    where h.objects > 0 and t.checkpoint <= h.checkpoint order by h.checkpoint limit 1
                    """)) {
                assertThat(row.next()).isTrue();
                path = "/v1/expiry/%d?at=checkpoint:%d&limit=1000".formatted(row.getLong(1), row.getLong(2));
            }
            String listed = given().get(path).then().statusCode(200).extract().asString();
            assertThat(listed).contains("\"pooled\"");
            statement.execute("update pool_content_history set checkpoint = checkpoint + 1000000");
            try {
                assertThat(given().get(path).asString()).isEqualTo(listed);
            } finally {
                statement.execute("update pool_content_history set checkpoint = checkpoint - 1000000");
            }
        }
    }

    private static int sessionsThatWait(Statement statement) throws SQLException {
        try (var count = statement.executeQuery("select count(distinct pid) from pg_locks where not granted"
                + " and database = (select oid from pg_database where datname = current_database())")) {
            count.next();
            return count.getInt(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"wait=5", "respond-async, wait=5", "wait=5; foo=1", "handling=lenient, WAIT=\"5\"", "wait = 5"})
    void whatIsPreferredIsFoundAmongOtherPreferences(String prefer) {
        given().header("Prefer", prefer)
                .get("/v1/epochs")
                .then()
                .statusCode(200)
                .header("Preference-Applied", equalTo("wait=5"));
    }

    /** More than the server gives, and what cannot be read, is passed over as RFC 7240 has it. */
    @ParameterizedTest
    @ValueSource(
            strings = {"wait=15", "wait=100000", "wait=0", "wait=-1", "wait=x", "wait", "await=5", "wait=99999999999"})
    void whatCannotBeGivenIsNotSaidToBe(String prefer) {
        given().header("Prefer", prefer)
                .get("/v1/epochs")
                .then()
                .statusCode(200)
                .header("Preference-Applied", (String) null);
    }
}
