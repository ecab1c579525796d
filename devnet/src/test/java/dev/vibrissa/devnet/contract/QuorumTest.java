package dev.vibrissa.devnet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of votes are those of the contracts' own tests. */
class QuorumTest {
    @ParameterizedTest
    @CsvSource({"1000, 666, false", "1000, 667, true", "100, 66, false", "100, 67, true", "10, 6, false", "10, 7, true"
    })
    void isMoreThanTwoThirds(int nShards, int weight, boolean reached) {
        assertThat(Quorum.reached(weight, nShards)).isEqualTo(reached);
    }

    @ParameterizedTest
    @CsvSource({"1000, 333, false", "1000, 334, true", "100, 33, false", "100, 34, true"})
    void includesACorrectNodeFromAThirdOn(int nShards, int weight, boolean includes) {
        assertThat(Quorum.includesCorrectNode(weight, nShards)).isEqualTo(includes);
    }

    @ParameterizedTest
    @CsvSource({
        "5 5 4 6 3 7 4 6 1 9, 7",
        "5 5 4 6 3 7 1 1 1 17, 10",
    })
    void makesThePriceTheLowestThatAQuorumAccepts(String weights, long price) {
        assertThat(Quorum.lowestAccepted(votes(weights), 50)).isEqualTo(price);
    }

    @ParameterizedTest
    @CsvSource({"5 5 4 6 3 7 2 8 1 9, 4", "17 1 1 1 3 7 2 8 1 9, 1"})
    void makesTheCapacityTheHighestThatAQuorumOffers(String weights, long capacity) {
        assertThat(Quorum.highestOffered(votes(weights), 50)).isEqualTo(capacity);
    }

    @Test
    void takesTheVoteOfTheSeventhOfTenEqualNodes() {
        var prices = IntStream.rangeClosed(1, 10)
                .mapToObj(i -> new Quorum.Vote(i * 1000L, 100))
                .toList();
        assertThat(Quorum.lowestAccepted(prices, 1000)).isEqualTo(7000);
        assertThat(Quorum.highestOffered(prices, 1000)).isEqualTo(4000);
    }

    @Test
    void takesVotesForUnsignedNumbers() {
        var votes = List.of(new Quorum.Vote(U64.MAX, 667), new Quorum.Vote(5, 333));
        assertThat(Quorum.lowestAccepted(votes, 1000)).isEqualTo(U64.MAX);
        assertThat(Quorum.highestOffered(votes, 1000)).isEqualTo(U64.MAX);
    }

    /** Votes 1, 2, 3 … with these weights. */
    private static List<Quorum.Vote> votes(String weights) {
        List<Integer> parsed =
                Arrays.stream(weights.split(" ")).map(Integer::valueOf).toList();
        return IntStream.range(0, parsed.size())
                .mapToObj(i -> new Quorum.Vote(i + 1, parsed.get(i)))
                .toList();
    }
}
