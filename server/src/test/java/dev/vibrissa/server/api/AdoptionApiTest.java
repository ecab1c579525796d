package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.server.ApplicationOfOtherChainsTests;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who used the chain {@code busy}, epoch by epoch. */
@QuarkusTest
@Tag(ApplicationOfOtherChainsTests.TAG)
@WithTestResource(value = IndexedScenario.class, initArgs = @ResourceArg(name = "scenario", value = "busy"))
class AdoptionApiTest {
    private static final Path EXPECTED =
            Path.of(System.getProperty("vibrissa.root"), "indexer/src/test/resources/scenarios/busy/expected.json");

    /** An epoch that is over is read from sums; at a moment within it, it is counted. At its last checkpoint both agree. */
    @ParameterizedTest
    @ValueSource(strings = {"publisher", "owner", "caller", "package", "contentType", "payer"})
    void whatWasAddedUpIsWhatIsCounted(String role) {
        for (int epoch : given().get("/v1/adoption").jsonPath().getList("items.epoch", Integer.class)) {
            String top = "/v1/adoption/top?limit=1000&by=%s&epoch=%d".formatted(role, epoch);
            var added = given().get(top).jsonPath();
            var counted = given().get(top + "&at=epoch:" + epoch).jsonPath();
            assertThat(added.getList("items")).as(top).isEqualTo(counted.getList("items"));
            assertThat(added.getString("total")).as(top).isEqualTo(counted.getString("total"));
            var all = given().get("/v1/adoption/top?limit=1000&by=%s&at=epoch:%d".formatted(role, epoch))
                    .jsonPath();
            assertThat(sum(all)).isEqualTo(new BigInteger(all.getString("total")));
        }
        var now = given().get("/v1/adoption/top?limit=1000&by=" + role).jsonPath();
        int last = given().get("/v1/adoption").jsonPath().getInt("items[-1].epoch");
        var atTheEnd = given().get("/v1/adoption/top?limit=1000&by=%s&at=epoch:%d".formatted(role, last))
                .jsonPath();
        assertThat(now.getList("items")).isNotEmpty().isEqualTo(atTheEnd.getList("items"));
    }

    @Test
    void anEpochOfThePastIsWhatItWasWhenItEnded() {
        var now = given().get("/v1/adoption").jsonPath();
        for (int i = 0; i < now.getList("items").size(); i++) {
            int epoch = now.getInt("items[%d].epoch".formatted(i));
            var then = given().get("/v1/adoption?at=epoch:" + epoch).jsonPath();
            assertThat(then.getList("items")).isEqualTo(now.getList("items").subList(0, i + 1));
        }
    }

    @Test
    void payersAreThoseOfTheKnownAnswer() throws IOException {
        var byEpoch = new TreeMap<Integer, Map<String, BigInteger>>();
        for (JsonNode payment : new ObjectMapper().readTree(EXPECTED.toFile()).get("payments")) {
            var from = payment.get("paidFrom").elements().next().asText();
            byEpoch.computeIfAbsent(payment.get("epoch").asInt(), _ -> new TreeMap<>())
                    .merge(from, new BigInteger(payment.get("total").asText()), BigInteger::add);
        }
        var seen = new HashSet<String>();
        var epochs = given().get("/v1/adoption").jsonPath();
        byEpoch.forEach((epoch, payers) -> {
            String item = "items.find { it.epoch == %d }.payers.".formatted(epoch);
            long before = payers.keySet().stream().filter(seen::contains).count();
            assertThat(epochs.getLong(item + "all")).isEqualTo(payers.size());
            assertThat(epochs.getLong(item + "returning")).isEqualTo(before);
            assertThat(epochs.getLong(item + "fresh")).isEqualTo(payers.size() - before);
            seen.addAll(payers.keySet());
            var top = given().get("/v1/adoption/top?by=payer&limit=1000&epoch=" + epoch)
                    .jsonPath();
            for (Map<String, Object> ranked : top.<Map<String, Object>>getList("items")) {
                assertThat(ranked.get("amount"))
                        .isEqualTo(String.valueOf(payers.get(String.valueOf(ranked.get("subject")))));
            }
        });
    }

    @Test
    void oneUserIsFollowedFromEpochToEpoch() {
        var top = given().get("/v1/adoption/top?by=payer&limit=1").jsonPath();
        String history = "/v1/adoption/history?by=payer&subject=" + top.getString("items[0].subject");
        var parts = given().get(history).jsonPath();
        assertThat(sum(parts)).isEqualTo(new BigInteger(top.getString("items[0].amount")));
        given().get(history + "&at=epoch:2").then().body("items.epoch", everyItem(lessThanOrEqualTo(2)));
        given().get(history + "&format=csv").then().body(startsWith("epoch,count,amount,basisPoints"));
        given().get("/v1/adoption/history?by=city").then().statusCode(400).body("field", equalTo("by"));
    }

    @Test
    void whatIsNotListedIsTold() {
        var all = given().get("/v1/adoption/top?by=publisher&limit=1000").jsonPath();
        int size = all.getList("items").size();
        given().get("/v1/adoption/top?by=publisher&limit=1")
                .then()
                .body("items.rank", equalTo(List.of(1)))
                .body("others", equalTo(size - 1))
                .body("total", equalTo(all.getString("total")));
        given().get("/v1/adoption/top?format=csv&limit=1&by=publisher")
                .then()
                .header("Vibrissa-Next-Cursor", notNullValue())
                .body(startsWith("rank,subject,count,amount,basisPoints"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"publisher", "owner", "caller", "contentType", "payer"})
    void pagesOfATopListAddUpToIt(String role) {
        for (String when : List.of("", "&epoch=2", "&at=epoch:2", "&epoch=2&at=epoch:2")) {
            String top = "/v1/adoption/top?by=" + role + when;
            var whole = PlainClient.get(top + "&limit=1000");
            var listed = new ArrayList<JsonNode>();
            JsonNode page;
            String cursor = "";
            do {
                page = PlainClient.get(top + "&limit=1" + cursor);
                listed.addAll(PlainClient.items(page));
                assertThat(page.get("total")).isEqualTo(whole.get("total"));
                assertThat(page.get("others").asInt())
                        .isEqualTo(whole.get("items").size() - listed.size());
                cursor = "&cursor=" + page.path("next").asText();
            } while (page.path("next").isTextual());
            assertThat(listed).as(top).isEqualTo(PlainClient.items(whole));
        }
    }

    private static BigInteger sum(JsonPath answer) {
        return answer.getList("items.amount", String.class).stream()
                .map(BigInteger::new)
                .reduce(BigInteger.ZERO, BigInteger::add);
    }
}
