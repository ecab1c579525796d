package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.server.ApplicationOfOtherChainsTests;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The chain {@code stake}, indexed from its fourth epoch on: most positions are older. */
@QuarkusTest
@Tag(ApplicationOfOtherChainsTests.TAG)
@WithTestResource(
        value = IndexedScenario.class,
        initArgs = {@ResourceArg(name = "scenario", value = "stake"), @ResourceArg(name = "from", value = "3118")})
class StatementOfPartialHistoryTest {

    @Test
    void principalOlderThanOurHistoryIsObservedNotEarned() throws IOException {
        int checked = 0;
        for (JsonNode request : known().get("withdrawRequests")) {
            if (request.get("checkpoint").asInt() < 3118) {
                continue;
            }
            var observed = lines(request.get("sender").asText()).stream()
                    .filter(line -> "observed".equals(line.get("line"))
                            && Objects.equals(
                                    line.get("objectId"),
                                    request.get("objectId").asText()))
                    .toList();
            if (observed.isEmpty()) {
                continue; // staked within our history
            }
            assertThat(new BigInteger(String.valueOf(observed.getFirst().get("change"))))
                    .isGreaterThanOrEqualTo(
                            new BigInteger(request.get("principal").asText()));
            checked++;
        }
        assertThat(checked).isPositive();
    }

    /** An epoch of that chain yields a few millionths. */
    @Test
    void nobodyEarnsMoreThanAThousandthOfWhatTheyHeld() {
        List<String> owners = given().get("/v1/stake-operations?limit=1000&kind=observed")
                .jsonPath()
                .getList("items.ownerAfter");
        assertThat(owners).hasSizeGreaterThan(3);
        var addresses = new TreeSet<String>();
        owners.stream().filter(Objects::nonNull).forEach(addresses::add);
        for (String address : addresses) {
            var lines = lines(address);
            BigInteger held = BigInteger.ZERO;
            for (var line : lines) {
                held = held.max(new BigInteger(String.valueOf(line.get("balance"))));
            }
            var earned = lines.stream()
                    .filter(line -> "earned".equals(line.get("line")))
                    .findFirst()
                    .orElseThrow();
            assertThat(new BigInteger(String.valueOf(earned.get("change"))).abs())
                    .as(address)
                    .isLessThan(held.divide(BigInteger.valueOf(1000)).add(BigInteger.TEN));
        }
    }

    @Test
    void itsAnswersSayThatHistoryIsPartial() {
        given().get("/v1/stake-operations?kind=observed")
                .then()
                .statusCode(200)
                .body("asOf.history", equalTo("partial"));
    }

    private static List<Map<String, Object>> lines(String address) {
        return given().get("/v1/addresses/%s/statement?limit=1000".formatted(address))
                .jsonPath()
                .getList("items");
    }

    private static JsonNode known() throws IOException {
        return new ObjectMapper()
                .readTree(Path.of(
                                System.getProperty("vibrissa.root"),
                                "indexer/src/test/resources/scenarios/stake/expected.json")
                        .toFile());
    }
}
