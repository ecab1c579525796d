package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.server.ApplicationOfOtherChainsTests;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Prices of the chain {@code stake} and the votes that made them; some change with a vote in the same transaction. */
@QuarkusTest
@Tag(ApplicationOfOtherChainsTests.TAG)
@WithTestResource(value = IndexedScenario.class, initArgs = @ResourceArg(name = "scenario", value = "stake"))
class PriceVotesTest {

    @Test
    void everyPriceIsTheLowestVoteWithAQuorumUnderIt() {
        List<Map<String, Object>> prices =
                given().get("/v1/prices?limit=1000").jsonPath().getList("items");
        assertThat(prices).hasSizeGreaterThan(5);
        var different = new TreeSet<String>();
        for (var price : prices) {
            List<Map<String, Object>> votes = given().get(String.valueOf(price.get("votes")))
                    .jsonPath()
                    .getList("items.findAll { it.txIndex == %s }".formatted(price.get("txIndex")));
            assertThat(reckoned(votes, "storagePriceVote")).isEqualTo(price.get("storagePrice"));
            assertThat(reckoned(votes, "writePriceVote")).isEqualTo(price.get("writePrice"));
            for (var vote : votes) {
                assertThat(number(vote, "voteCheckpoint")).isLessThanOrEqualTo(number(price, "checkpoint"));
                assertThat(new BigInteger(String.valueOf(vote.get("storagePriceVote")))
                                .subtract(new BigInteger(String.valueOf(vote.get("storagePriceDistance")))))
                        .hasToString(String.valueOf(price.get("storagePrice")));
            }
            different.add(String.valueOf(price.get("storagePrice")));
        }
        assertThat(different).hasSizeGreaterThan(1);
    }

    @Test
    void pagesOfVotesAddUpToTheList() {
        var path = given().get("/v1/prices").jsonPath().getString("items[0].votes");
        List<Map<String, Object>> whole = given().get(path).jsonPath().getList("items");
        var paged = new ArrayList<Map<String, Object>>();
        String next = "";
        while (next != null) {
            var page = given().get(path + "?limit=2" + next).jsonPath();
            paged.addAll(page.getList("items"));
            next = page.getString("next") == null ? null : "&cursor=" + page.getString("next");
        }
        assertThat(paged).isEqualTo(whole);
    }

    @Test
    void whereNoPriceChangedThereAreNoVotes() {
        given().get("/v1/prices/3101/votes").then().statusCode(404);
        given().get("/v1/prices/3102/votes?at=checkpoint:3101").then().statusCode(404);
        given().get("/v1/prices/3102/votes?at=checkpoint:3102").then().statusCode(200);
    }

    private static int number(Map<String, Object> row, String field) {
        return Integer.parseInt(String.valueOf(row.get(field)));
    }

    private static String reckoned(List<Map<String, Object>> votes, String what) {
        int quorum = given().get("/v1/governance/parameters").jsonPath().getInt("quorumWeight");
        int weight = 0;
        for (var vote : votes.stream()
                .sorted(Comparator.comparing(vote -> new BigInteger(String.valueOf(vote.get(what)))))
                .toList()) {
            weight += number(vote, "weight");
            if (weight >= quorum) {
                return String.valueOf(vote.get(what));
            }
        }
        throw new AssertionError("votes of %d shards are no quorum of %d".formatted(weight, quorum));
    }

    /** Every address and object with stake, once, over pages of two. */
    @Test
    void delegatorsAreAllThatHoldStakeOfTheNode() {
        for (String at : List.of("", "&at=epoch:4")) {
            List<String> nodes =
                    given().get("/v1/operators?limit=1000" + at).jsonPath().getList("items.nodeId");
            for (String node : nodes) {
                var holders = new ArrayList<String>();
                BigInteger value = BigInteger.ZERO;
                String next = "";
                while (next != null) {
                    var page = given().get("/v1/operators/%s/delegators?limit=2%s%s".formatted(node, at, next))
                            .jsonPath();
                    holders.addAll(page.getList("items.holder"));
                    for (String each : page.<String>getList("items.value")) {
                        value = value.add(new BigInteger(each));
                    }
                    assertThat(page.<Object>getList("items.tx")).doesNotContainNull();
                    next = page.getString("next") == null ? null : "&cursor=" + page.getString("next");
                }
                assertThat(holders).isSorted().doesNotHaveDuplicates();
                var stakes =
                        given().get("/v1/stakes?limit=1000&nodeId=" + node + at).jsonPath();
                BigInteger total = BigInteger.ZERO;
                for (String each : stakes.<String>getList("items.value")) {
                    total = total.add(new BigInteger(each));
                }
                assertThat(value).as(node + at).isEqualTo(total);
            }
        }
    }
}
