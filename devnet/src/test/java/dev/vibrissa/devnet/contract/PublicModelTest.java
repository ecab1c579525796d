package dev.vibrissa.devnet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StakingInner.Committee;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the arithmetic against what another model of the contracts, not ours, worked out for whole histories. */
class PublicModelTest {
    @ParameterizedTest
    @ValueSource(strings = {"stake"})
    void committeesFollowFromActiveSets(String scenario) throws IOException {
        JsonNode expected = expected(scenario);
        var committee = new Committee(new LinkedHashMap<>());
        int compared = 0;
        for (JsonNode ending : expected.path("votingEnds")) {
            var counts = new LinkedHashMap<SuiAddress, Integer>();
            List<Integer> shards = Apportionment.of(
                    list(ending.path("activeSet")).stream()
                            .map(entry -> entry.get(1).asLong())
                            .toList(),
                    expected.path("nShards").asInt());
            for (int i = 0; i < shards.size(); i++) {
                if (shards.get(i) > 0) {
                    counts.put(
                            SuiAddress.parse(
                                    ending.path("activeSet").get(i).get(0).asText()),
                            shards.get(i));
                }
            }
            committee = committee.shards().isEmpty()
                    ? ShardAssignment.initial(counts)
                    : ShardAssignment.next(committee, counts);
            var due = new LinkedHashMap<SuiAddress, List<Integer>>();
            for (JsonNode member : ending.path("nextCommittee")) {
                due.put(
                        SuiAddress.parse(member.get(0).asText()),
                        shards(member.get(2).asText()));
            }
            assertThat(committee.shards().sequencedKeySet()).containsExactlyElementsOf(due.sequencedKeySet());
            var computed = committee.shards();
            due.forEach((node, numbers) ->
                    assertThat(computed.getOrDefault(node, List.of())).containsExactlyInAnyOrderElementsOf(numbers));
            compared++;
        }
        assertThat(compared).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stake", "money", "governance"})
    void burnsThreePercentOfEachPot(String scenario) throws IOException {
        for (JsonNode change : expected(scenario).path("epochChanges")) {
            var ring = new RewardRing(RewardRing.empty(2));
            ring.reward(0, new Balance(change.path("pot").asLong()));
            assertThat(ring.burn().value()).isEqualTo(change.path("burn").asLong());
        }
    }

    /** Reads {@code 0-170,987}. */
    static List<Integer> shards(String ranges) {
        var shards = new ArrayList<Integer>();
        for (String range : ranges.split(",\\s*")) {
            String[] ends = range.split("-");
            IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                    .forEach(shards::add);
        }
        return shards;
    }

    static JsonNode expected(String scenario) throws IOException {
        Path root = Path.of(System.getProperty("vibrissa.root"));
        Path file = root.resolve("indexer/src/test/resources/scenarios")
                .resolve(scenario)
                .resolve("expected.json");
        return new ObjectMapper().readTree(file.toFile());
    }

    private static List<JsonNode> list(JsonNode array) {
        var items = new ArrayList<JsonNode>();
        array.forEach(items::add);
        return items;
    }
}
