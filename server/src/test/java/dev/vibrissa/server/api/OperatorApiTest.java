package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.vibrissa.server.ApplicationOfOtherChainsTests;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What delegators ask about operators, of the chain {@code governance}. */
@QuarkusTest
@Tag(ApplicationOfOtherChainsTests.TAG)
@WithTestResource(value = IndexedScenario.class, initArgs = @ResourceArg(name = "scenario", value = "governance"))
class OperatorApiTest {
    /** The checkpoint after the first vote of the upgrade that succeeds in epoch 2. */
    private static final long FIRST_VOTE = 4045;

    private static List<String> nodes() {
        return given().get("/v1/operators").jsonPath().getList("items.nodeId");
    }

    private static String operator(String node, String rest) {
        return "/v1/operators/" + node + rest;
    }

    @Test
    void votesAreCastOpenOrMissed() {
        for (String node : nodes()) {
            int cast = 0;
            for (String rounds : new String[] {"upgrades", "slashing"}) {
                List<List<String>> voters =
                        given().get("/v1/governance/" + rounds).jsonPath().getList("items.votes.nodeId");
                cast += (int)
                        voters.stream().filter(each -> each.contains(node)).count();
            }
            var duties = given().get(operator(node, "")).jsonPath();
            assertThat(duties.getInt("duties.rounds.cast")).as(node).isEqualTo(cast);
            assertThat(outcomes(node, "?what=upgrade&limit=1000", "cast")
                            + outcomes(node, "?what=slashing&limit=1000", "cast"))
                    .isEqualTo(cast);
            assertThat(outcomes(node, "?limit=1000", "missed")).isEqualTo(duties.getInt("duties.rounds.missed"));
            assertThat(outcomes(node, "?limit=1000", "open")).isEqualTo(duties.getInt("duties.rounds.open"));
        }
        String voter = given().get("/v1/governance/upgrades?at=checkpoint:" + FIRST_VOTE)
                .jsonPath()
                .getString("items[2].votes[0].nodeId");
        for (String node : nodes()) {
            var then = given().get(operator(node, "/votes?what=upgrade&limit=1000&at=checkpoint:" + FIRST_VOTE))
                    .jsonPath();
            assertThat(then.getString("items[-1].outcome")).isEqualTo(node.equals(voter) ? "cast" : "open");
        }
    }

    private static int outcomes(String node, String query, String outcome) {
        List<String> outcomes =
                given().get(operator(node, "/votes" + query)).jsonPath().getList("items.outcome");
        return (int) outcomes.stream().filter(outcome::equals).count();
    }

    @Test
    void nobodyIsExpectedToVoteForItsOwnSlashing() {
        for (String node : nodes()) {
            given().get(operator(node, "/votes?what=slashing&limit=1000"))
                    .then()
                    .body("items.findAll { it.outcome != 'cast' }.candidate", not(hasItem(node)));
        }
    }

    @Test
    void pagesOfVotesAddUpToTheList() {
        String node = nodes().getFirst();
        List<Map<String, Object>> whole =
                given().get(operator(node, "/votes?limit=1000")).jsonPath().getList("items");
        assertThat(whole).hasSizeGreaterThan(2);
        var first = given().get(operator(node, "/votes?limit=2")).jsonPath();
        List<Map<String, Object>> rest = given().get(
                        operator(node, "/votes?limit=1000&cursor=" + first.getString("next")))
                .jsonPath()
                .getList("items");
        assertThat(first.getList("items")).isEqualTo(whole.subList(0, 2));
        assertThat(rest).isEqualTo(whole.subList(2, whole.size()));
        given().get(operator(node, "/votes?what=colour")).then().statusCode(400).body("field", equalTo("what"));
        given().get(operator(node, "/votes?format=csv"))
                .then()
                .body(startsWith("checkpoint,txIndex,tx,sender,what,outcome"));
    }

    @Test
    void dutiesAreToldEpochByEpoch() {
        for (String node : nodes()) {
            var now = given().get(operator(node, "")).jsonPath();
            var duties = given().get(operator(node, "/duties")).jsonPath();
            List<Map<String, Object>> epochs = duties.getList("items");
            assertThat(epochs).hasSize(now.getInt("duties.epochs"));
            assertThat(epochs.stream().filter(each -> each.get("ready") != null))
                    .hasSize(now.getInt("duties.reported"));
            // In the middle of an epoch certificates are counted anew: with its end they are what was counted as they
            // came.
            for (int epoch : duties.getList("items.epoch", Integer.class)) {
                var then =
                        given().get(operator(node, "/duties?at=epoch:" + epoch)).jsonPath();
                assertThat(then.getInt("items[-1].certificates"))
                        .isEqualTo(duties.getInt("items.find { it.epoch == %d }.certificates".formatted(epoch)));
            }
        }
    }

    @Test
    void shardMovesAreTheDifferenceOfEpochs() {
        for (String node : nodes()) {
            var epochs = given().get(operator(node, "/shards")).jsonPath();
            int held = 0;
            for (int i = 0; i < epochs.getList("items").size(); i++) {
                String item = "items[%d].".formatted(i);
                held += count(epochs.getString(item + "gained")) - count(epochs.getString(item + "lost"));
                assertThat(held)
                        .isEqualTo(epochs.getInt(item + "weight"))
                        .isEqualTo(count(epochs.getString(item + "shards")));
            }
        }
    }

    private static int count(String ranges) {
        int count = 0;
        for (String range : ranges.isEmpty() ? new String[0] : ranges.split(",", -1)) {
            String[] ends = range.split("-", -1);
            count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
        }
        return count;
    }

    @Test
    void denyListsHaveTheirUpdatesAndTheirSize() {
        List<Map<String, Object>> all =
                given().get("/v1/governance/deny-lists").jsonPath().getList("items");
        int updates = 0;
        for (String node : nodes()) {
            var list = given().get(operator(node, "/deny-list")).jsonPath();
            updates += list.getList("items").size();
            List<String> sizes = list.getList("items.findAll { !it.announced }.size");
            assertThat(given().get(operator(node, "")).jsonPath().getString("duties.denyListSize"))
                    .isEqualTo(sizes.isEmpty() ? "0" : sizes.getLast());
        }
        assertThat(updates).isEqualTo(all.size()).isPositive();
    }

    @Test
    void commissionIsToldAsItIsAndAsItWas() {
        String node = nodes().getFirst();
        var operator = given().get(operator(node, "")).jsonPath();
        given().get(operator(node, "/commission")).then().body("now", equalTo(operator.getMap("operator.commission")));
    }

    @Test
    void aProjectionShowsWhatItRestsOn() {
        for (String node : nodes()) {
            var projection = given().get(operator(node, "/projection?epochs=3")).jsonPath();
            assertThat(projection.getList("assumptions")).hasSize(6);
            List<Map<String, Object>> inputs = projection.getList("inputs");
            assertThat(inputs).hasSizeBetween(1, 3).allSatisfy(input -> {
                var gross = new BigDecimal(new BigInteger((String) input.get("commission"))
                                .add(new BigInteger((String) input.get("toStakers"))))
                        .divide(new BigDecimal((String) input.get("stake")), 18, RoundingMode.DOWN);
                assertThat(input.get("grossYield")).isEqualTo(gross.toPlainString());
            });
            var lowest = new BigDecimal(projection.getString("projected.perYearLowest"));
            var mean = new BigDecimal(projection.getString("projected.perYear"));
            var highest = new BigDecimal(projection.getString("projected.perYearHighest"));
            assertThat(mean).isBetween(lowest, highest);
        }
        given().get(operator(nodes().getFirst(), "/projection?at=checkpoint:4001"))
                .then()
                .statusCode(404);
        given().get(operator(nodes().getFirst(), "/projection?at=epoch:1"))
                .then()
                .body("inputs", hasSize(0))
                .body("projected", nullValue());
        given().get(operator(nodes().getFirst(), "/projection?epochs=0")).then().statusCode(400);
    }

    @Test
    void metadataComeWithAllTheirFields() {
        given().get("/v1/operators/" + nodes().getFirst() + "/history")
                .then()
                .body("items.metadata.extraFields", everyItem(equalTo(Map.of())));
    }
}
