package dev.vibrissa.protocol.walrus.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.walrus.governance.ParameterVotes.Vote;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Votes become parameters as the contracts' own tests have it. */
class ParameterVotesTest {
    private static final BigInteger MAX = new BigInteger("18446744073709551615");

    @ParameterizedTest
    @CsvSource({"1000, 667, 334", "1, 1, 1", "4, 3, 2", "10, 7, 4", "50, 34, 17", "100, 67, 34", "999, 667, 334"})
    void aQuorumIsMoreThanTwoThirdsAndOneIsHonestInMoreThanAThird(int n, int quorum, int oneHonest) {
        var shards = new ShardQuorum(n);
        assertThat(shards.quorum()).isEqualTo(quorum);
        assertThat(shards.oneHonest()).isEqualTo(oneHonest);
        assertThat(shards.isQuorum(quorum)).isTrue();
        assertThat(shards.isQuorum(quorum - 1)).isFalse();
    }

    @Test
    void theSixtySeventhPercentileOfTenEqualNodesIsThePrice() {
        var votes = IntStream.rangeClosed(1, 10)
                .mapToObj(i -> new Vote(BigInteger.valueOf(i * 1000L), 100))
                .toList();
        assertThat(ParameterVotes.price(votes, new ShardQuorum(1000))).contains(BigInteger.valueOf(7000));
    }

    @Test
    void capacitiesOfTenNodesSpeakForTheNetwork() {
        var votes = IntStream.rangeClosed(1, 10)
                .mapToObj(i -> new Vote(ParameterVotes.networkCapacity(BigInteger.valueOf(i * 1000L), 100, 1000), 100))
                .toList();
        assertThat(votes.getFirst().value()).isEqualTo(10_000);
        assertThat(ParameterVotes.capacity(votes, new ShardQuorum(1000))).contains(BigInteger.valueOf(40_000));
    }

    @Test
    void theOrderOfVotesDoesNotMatter() {
        assertThat(price(1000, 50_000, 700, 10_000, 300)).isEqualTo(50_000);
        assertThat(price(1000, 2, 0, 50_000, 200, 1, 500, 10_000, 300)).isEqualTo(10_000);
    }

    @Test
    void weightsCountNotHeads() {
        int[] forPrice = {5, 5, 4, 6, 3, 7, 4, 6, 1, 9};
        int[] forCapacity = {5, 5, 4, 6, 3, 7, 2, 8, 1, 9};
        assertThat(ParameterVotes.price(oneToTen(forPrice), new ShardQuorum(50)))
                .contains(BigInteger.valueOf(7));
        assertThat(ParameterVotes.capacity(oneToTen(forCapacity), new ShardQuorum(50)))
                .contains(BigInteger.valueOf(4));
    }

    @Test
    void theLargestVoteIsAVoteAndDoesNotOverflow() {
        var votes = List.of(new Vote(MAX, 400), new Vote(BigInteger.TEN, 600));
        assertThat(ParameterVotes.price(votes, new ShardQuorum(1000))).contains(MAX);
        assertThat(ParameterVotes.networkCapacity(MAX, 400, 1000)).isEqualTo(MAX);
    }

    @Test
    void aVoteWithoutBoundIsTheCapacityOnlyIfAQuorumHasIt() {
        var votes = List.of(new Vote(MAX, 6), new Vote(BigInteger.TEN, 4));
        assertThat(ParameterVotes.capacity(votes, new ShardQuorum(10))).contains(BigInteger.TEN);
        var more = List.of(new Vote(MAX, 7), new Vote(BigInteger.TEN, 3));
        assertThat(ParameterVotes.capacity(more, new ShardQuorum(10))).contains(MAX);
    }

    @Test
    void whoVotesTheSameCountsTogether() {
        // 3 + 4 of 10 shards are a quorum, neither is alone.
        assertThat(price(10, 5, 3, 5, 4, 9, 3)).isEqualTo(5);
        assertThat(price(10, 9, 3, 5, 4, 5, 3)).isEqualTo(5);
        assertThat(price(10, 5, 3, 5, 3, 9, 4)).isEqualTo(9);
    }

    @Test
    void oneNodeWithAllShardsDecidesAlone() {
        assertThat(price(1, 42, 1)).isEqualTo(42);
        assertThat(ParameterVotes.networkCapacity(BigInteger.valueOf(42), 7, 7)).isEqualTo(42);
    }

    @Test
    void anEmptyCommitteeDecidesNothing() {
        assertThat(ParameterVotes.price(List.of(), new ShardQuorum(1000))).isEmpty();
        assertThat(ParameterVotes.capacity(List.of(), new ShardQuorum(1000))).isEmpty();
    }

    /** Value and weight by turns. */
    private static long price(int nShards, long... valuesAndWeights) {
        var votes = new ArrayList<Vote>();
        for (int i = 0; i < valuesAndWeights.length; i += 2) {
            votes.add(new Vote(BigInteger.valueOf(valuesAndWeights[i]), (int) valuesAndWeights[i + 1]));
        }
        return ParameterVotes.price(votes, new ShardQuorum(nShards))
                .orElseThrow()
                .longValueExact();
    }

    private static List<Vote> oneToTen(int... weights) {
        return IntStream.range(0, weights.length)
                .mapToObj(i -> new Vote(BigInteger.valueOf(i + 1L), weights[i]))
                .toList();
    }
}
