package dev.vibrissa.server.pages;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.server.api.IndexedScenario;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people put into addresses of pages comes back as text, if at all. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
class HostileTextTest {
    private static final String MARKUP = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>{frame.query}";

    static Stream<String> fields() {
        return Stream.of(
                "/search?q=",
                "/blobs?owner=",
                "/blobs?attribute=",
                "/blobs?status=",
                "/blobs?cursor=",
                "/operators?name=",
                "/operators?commission=",
                "/operators?window=",
                "/delegate?stake=",
                "/delegate?nodes=",
                "/economics?at=",
                "/expiry?at=",
                "/governance?at=",
                "/governance/report?from=",
                "/method?version=",
                "/blobs/",
                "/operators/",
                "/addresses/",
                "/objects/",
                "/transactions/",
                "/probes/",
                "/rounds/",
                "/epochs/",
                "/expiry/",
                "/watch/",
                "/watch/blobs/",
                "/watch/operators/",
                "/evidence/",
                "/evidence/served?window=",
                "/evidence/bound?of=");
    }

    @ParameterizedTest
    @MethodSource("fields")
    void markupIsInert(String field) {
        var answer = given().urlEncodingEnabled(false).get(field + encoded(MARKUP));
        assertThat(answer.statusCode()).as(field).isLessThan(500);
        assertThat(answer.asString()).as(field).doesNotContain("<img", "<script>alert");
        if (answer.statusCode() != 404 || answer.asString().startsWith("<!doctype")) {
            assertThat(answer.header("Content-Security-Policy"))
                    .as(field)
                    .contains("script-src 'self'", "default-src 'none'");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @ParameterizedTest
    @MethodSource("notations")
    void aBlobIsFoundInEveryNotation(String notation) {
        var answer = given().redirects().follow(false).queryParam("q", notation).get("/search");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.header("Location")).endsWith("/blobs/L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc");
    }

    static List<String> notations() {
        return List.of(
                "L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc",
                "  \"L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc\" ",
                "https://walruscan.com/mainnet/blob/L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc?a=b",
                "46625573054035100684964930957020137964408515386414546477449106286187215232303");
    }
}
