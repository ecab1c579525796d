package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The statement of an address's stake. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
class StatementTest {
    private static final String ADDRESS =
            "/v1/addresses/0xf391355893d19a7242bcc7287fb26e303707219c1bee71c0ba573ad6b248d27f";

    @Test
    void itsLinesAddUp() {
        List<Map<String, String>> lines = lines("");
        assertThat(lines).hasSizeGreaterThan(3);
        assertThat(lines.getFirst().get("line")).isEqualTo("opening");
        assertThat(lines.getLast().get("line")).isEqualTo("closing");
        var balance = new BigInteger(lines.getFirst().get("balance"));
        for (var line : lines.subList(1, lines.size())) {
            balance = balance.add(new BigInteger(line.get("change") == null ? "0" : line.get("change")));
            assertThat(line.get("balance")).isEqualTo(balance.toString());
        }
    }

    @Test
    void onePeriodClosesWhereTheNextOpens() {
        for (int epoch = 1; epoch < 7; epoch++) {
            var closing = lines("?toEpoch=" + epoch).getLast().get("balance");
            assertThat(lines("?fromEpoch=" + (epoch + 1)).getFirst().get("balance"))
                    .isEqualTo(closing);
        }
    }

    @Test
    void itClosesAtWhatThePositionsAreWorth() {
        List<String> values =
                given().get(ADDRESS + "/stakes?limit=1000").jsonPath().getList("items.value");
        var total = values.stream().map(BigInteger::new).reduce(BigInteger.ZERO, BigInteger::add);
        assertThat(lines("").getLast().get("balance")).isEqualTo(total.toString());
    }

    @Test
    void itComesAsCsv() {
        var csv = given().get(ADDRESS + "/statement?format=csv").asString();
        assertThat(csv).startsWith("number,line,epoch").contains("opening").contains("closing");
    }

    @Test
    void epochsThatAreNoRangeOrNotIndexedAreRefused() {
        given().get(ADDRESS + "/statement?fromEpoch=3&toEpoch=2")
                .then()
                .statusCode(400)
                .body("field", equalTo("fromEpoch"));
        for (String query : List.of("?toEpoch=8", "?fromEpoch=8", "?toEpoch=3&at=epoch:2", "?fromEpoch=3&at=epoch:2")) {
            given().get(ADDRESS + "/statement" + query)
                    .then()
                    .statusCode(404)
                    .body("type", equalTo("urn:vibrissa:problem:not-indexed"));
        }
    }

    @Test
    void nothingIsOlderThanAWholeHistory() {
        assertThat(given().get("/v1/stake-operations?kind=observed").jsonPath().<Object>getList("items"))
                .isEmpty();
    }

    private static List<Map<String, String>> lines(String query) {
        var lines = new ArrayList<Map<String, String>>();
        lines.addAll(given().get(ADDRESS + "/statement" + query).jsonPath().getList("items"));
        return lines;
    }
}
