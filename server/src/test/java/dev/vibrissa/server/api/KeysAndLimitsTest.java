package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.vibrissa.api.key.ApiKeys;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What one client may ask, and what administrators do over HTTP. The tests are a trusted proxy, as everybody on this
 * machine is, and ask for others; each test for addresses of its own.
 */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
@Timeout(120)
class KeysAndLimitsTest {
    private static final String CHEAP = "/v1/methodology";
    private static final int ANONYMOUS = 30;

    @Inject
    DataSource dataSource;

    @TestHTTPResource("/")
    URI server = URI.create("/");

    private static Response ask(String forwardedFor) {
        return given().header("X-Forwarded-For", forwardedFor).get(CHEAP);
    }

    /** Asks until it is turned away, and says how much was answered before: tokens come back meanwhile. */
    private static int answered(String forwardedFor) {
        for (int i = 0; i < 20 * ANONYMOUS; i++) {
            if (ask(forwardedFor).statusCode() == 429) {
                return i;
            }
        }
        throw new AssertionError("nothing was turned away");
    }

    /** One that has asked for all it may: another address is it if little is answered to it, too. */
    private static void isExhausted(String forwardedFor) {
        assertThat(answered(forwardedFor)).as(forwardedFor).isLessThan(ANONYMOUS / 2);
    }

    private String key(boolean isAdmin) throws Exception {
        try (var db = dataSource.getConnection()) {
            return "Bearer " + ApiKeys.create(db, "somebody", isAdmin).text();
        }
    }

    @Test
    void anAddressIsToldWhatIsLeftAndIsTurnedAwayWhenNothingIs() {
        ask("203.0.113.1")
                .then()
                .statusCode(200)
                .header("RateLimit-Policy", equalTo("\"anonymous\";q=30;w=60"))
                .header("RateLimit", equalTo("\"anonymous\";r=29;t=2"));
        assertThat(answered("203.0.113.1")).isGreaterThanOrEqualTo(ANONYMOUS - 1);
        Response refused = ask("203.0.113.1");
        for (int i = 0; refused.statusCode() == 200 && i < ANONYMOUS; i++) {
            refused = ask("203.0.113.1");
        }
        refused.then()
                .statusCode(429)
                .contentType(startsWith("application/problem+json"))
                .header("RateLimit", startsWith("\"anonymous\";r=0;t="))
                .header("Cache-Control", equalTo("no-store"))
                .body("type", equalTo("urn:vibrissa:problem:too-often"))
                .body("instance", equalTo(CHEAP))
                .body("detail", containsString("30 requests a minute"));
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 2);
        // Scripts of pages are not counted; what others ask is counted for them.
        given().header("X-Forwarded-For", "203.0.113.1")
                .get("/assets/page.js")
                .then()
                .statusCode(200)
                .header("RateLimit", (String) null);
        given().header("X-Forwarded-For", "203.0.113.1")
                .get("/method")
                .then()
                .header("RateLimit", startsWith("\"anonymous\";"));
        ask("203.0.113.2").then().statusCode(200).header("RateLimit", equalTo("\"anonymous\";r=29;t=2"));
    }

    @Test
    void whoLiesAboutWhereHeIsIsCountedWhereHeIs() {
        answered("203.0.113.11");
        isExhausted("198.51.100.1, 203.0.113.11");
    }

    @Test
    void oneHostIsOneClientWhateverAddressItTakesInItsNetwork() {
        answered("2001:db8:1:1::1");
        isExhausted("2001:db8:1:1:ffff::2");
        ask("2001:db8:1:2::1").then().statusCode(200).header("RateLimit", equalTo("\"anonymous\";r=29;t=2"));
    }

    @Test
    void aKeyHasALimitOfItsOwnWhereverItIsUsed() throws Exception {
        String key = key(false);
        Stream.of("203.0.113.21", "203.0.113.22")
                .forEach(address -> given().header("X-Forwarded-For", address)
                        .header("Authorization", key)
                        .get(CHEAP)
                        .then()
                        .statusCode(200)
                        .header("RateLimit-Policy", equalTo("\"key\";q=60;w=60")));
        given().header("X-Forwarded-For", "203.0.113.21")
                .header("Authorization", key)
                .get(CHEAP)
                .then()
                .header("RateLimit", startsWith("\"key\";r=57;"));
        given().header("X-Forwarded-For", "203.0.113.23")
                .header("Authorization", "Bearer vib_000000000000_none")
                .get(CHEAP)
                .then()
                .statusCode(200)
                .header("RateLimit-Policy", startsWith("\"anonymous\""));
    }

    @Test
    void aBodyIsNotLostWhileAKeyIsLookedUp() throws Exception {
        given().header("Authorization", key(false))
                .contentType(ContentType.JSON)
                .body("{\"url\": \"https://example.com/%s\", \"events\": [\"price_change\"]}"
                        .formatted("a".repeat(1_900)))
                .post("/v1/webhooks")
                .then()
                .statusCode(200);
    }

    @Test
    void administratorsAndThisMachineAreNotCounted() throws Exception {
        given().header("X-Forwarded-For", "203.0.113.31")
                .header("Authorization", key(true))
                .get(CHEAP)
                .then()
                .statusCode(200)
                .header("RateLimit", (String) null);
        given().get(CHEAP).then().statusCode(200).header("RateLimit", (String) null);
    }

    @Test
    void aClientHasSoManyStreamsAtATime() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var open = new ArrayList<HttpResponse<Stream<String>>>();
            open.add(listen(client, "/v1/stream?topics=price"));
            open.add(listen(client, "/live"));
            assertThat(open).extracting(HttpResponse::statusCode).containsExactly(200, 200);
            var refused = listen(client, "/v1/stream?topics=price");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(String.join("", refused.body().toList())).contains("2 streams are open");
            for (String sameAgain :
                    new String[] {"/v1/stream/?topics=price", "/v1/stream;a=b?topics=price", "/live/"}) {
                assertThat(listen(client, sameAgain).statusCode()).as(sameAgain).isIn(404, 429);
            }
            open.getFirst().body().close();
            // The server learns of it when it next writes, or the connection tells it.
            int status = 429;
            for (int i = 0; status == 429 && i < 25; i++) {
                var again = listen(client, "/v1/stream?topics=price");
                status = again.statusCode();
                open.add(again);
            }
            assertThat(status).isEqualTo(200);
            open.forEach(each -> each.body().close());
        }
    }

    /** Here nobody's are answered, for their bodies do not come. */
    @Test
    void aClientHasSoManyRequestsAnsweredAtATime() throws Exception {
        var open = new ArrayList<Socket>();
        try {
            String begun = "POST /v1/webhooks HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.51\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n";
            for (int i = 0; i < 12; i++) {
                var socket = new Socket(server.getHost(), server.getPort());
                open.add(socket);
                socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
            }
            untilUnderWay(12);
            ask("203.0.113.51")
                    .then()
                    .statusCode(429)
                    .header("Retry-After", equalTo("1"))
                    .body("detail", containsString("12 requests are being answered"));
            ask("203.0.113.52").then().statusCode(200);
        } finally {
            for (Socket each : open) {
                each.close();
            }
        }
        untilUnderWay(0);
        ask("203.0.113.51").then().statusCode(200);
    }

    /** What the server learns of sockets it learns between the questions of others. */
    private static void untilUnderWay(int requests) {
        String expected = "vibrissa_api_under_way{what=\"requests\"} %.1f".formatted((double) requests);
        var end = Instant.now().plusSeconds(60);
        while (given().get("/q/metrics").asString().lines().noneMatch(expected::equals)) {
            assertThat(Instant.now()).as(expected).isBefore(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private HttpResponse<Stream<String>> listen(HttpClient client, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(server.resolve(path))
                        .header("X-Forwarded-For", "203.0.113.41")
                        .build(),
                HttpResponse.BodyHandlers.ofLines());
    }

    private RequestSpecification administrator() throws Exception {
        try (var db = dataSource.getConnection()) {
            return with(ApiKeys.create(db, "administrator", true).text());
        }
    }

    private static RequestSpecification with(String key) {
        return given().header("Authorization", "Bearer " + key).contentType(ContentType.JSON);
    }

    @Test
    void aKeyIsMadeListedAndRevoked() throws Exception {
        var made = administrator().body("{\"name\": \"the archive\"}").post("/v1/keys");
        made.then().statusCode(200).body("key", startsWith("vib_"));
        String id = made.path("keyId");
        String key = made.path("key");
        with(key)
                .body("{\"url\": \"https://example.com/hook\", \"events\": [\"price_change\"]}")
                .post("/v1/webhooks")
                .then()
                .statusCode(200);
        String listed = "items.find { it.keyId == '%s' }.".formatted(id);
        administrator()
                .get("/v1/keys")
                .then()
                .statusCode(200)
                .body(listed + "name", equalTo("the archive"))
                .body(listed + "admin", equalTo(false))
                .body(listed + "webhooks", equalTo(1))
                .body(listed + "revokedAt", nullValue());
        assertThat(administrator().get("/v1/keys").asString()).doesNotContain(key);
        administrator().get("/v1/webhooks?keyId=" + id).then().statusCode(200).body("items", hasSize(1));
        administrator().delete("/v1/keys/" + id).then().statusCode(200).body(listed + "revokedAt", not(nullValue()));
        with(key).get("/v1/webhooks").then().statusCode(401);
        administrator().delete("/v1/keys/" + id).then().statusCode(404);
    }

    @Test
    void nobodyElseLearnsOrChangesAnything() throws Exception {
        String plain;
        try (var db = dataSource.getConnection()) {
            plain = ApiKeys.create(db, "somebody").text();
        }
        given().get("/v1/keys").then().statusCode(401);
        with("vib_000000000000_none").get("/v1/keys").then().statusCode(401);
        with("open sesame").get("/v1/keys").then().statusCode(401);
        with(plain).get("/v1/keys").then().statusCode(403);
        with(plain)
                .body("{\"name\": \"me\", \"admin\": true}")
                .post("/v1/keys")
                .then()
                .statusCode(403);
        with(plain).delete("/v1/keys/000000000000").then().statusCode(403);
        with(plain).get("/v1/webhooks?keyId=000000000000").then().statusCode(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "{\"name\": \" \"}",
                "{\"name\": \"a\\nb\"}",
                "{\"name\": \"a\\u001b[0m\"}",
                "{\"name\": \"a\", \"owner\": \"b\"}",
                "{\"name\": \"a\"} x"
            })
    void whatCannotBeMeantIsRefused(String body) throws Exception {
        administrator().body(body).post("/v1/keys").then().statusCode(400);
    }
}
