package dev.vibrissa.devnet.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.devnet.ledger.move.MoveAbort;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples are those of the contracts' own tests. */
class ApportionmentTest {
    @ParameterizedTest
    @CsvSource({
        "4000 2000 1000, 10, 6 3 1",
        "1000 1000 1000, 10, 4 3 3",
        "50000 30000 15000 5000, 777, 389 234 116 38",
        "50000 50000 30000 15000 15000 5000, 1000, 303 303 182 91 91 30",
        "600 100 200 100, 1000, 500 125 250 125"
    })
    void sharesOutByStake(String stakes, int nShards, String shards) {
        assertThat(Apportionment.of(numbers(stakes), nShards))
                .containsExactlyElementsOf(
                        numbers(shards).stream().map(Long::intValue).toList());
    }

    @Test
    void leavesNobodyMoreThanATenthOnceThereAreTwenty() {
        List<Long> stakes = Stream.concat(Collections.nCopies(20, 20L).stream(), Stream.of(200L))
                .toList();
        assertThat(Apportionment.of(stakes, 1000))
                .startsWith(45, 45)
                .endsWith(45, 100)
                .satisfies(shards ->
                        assertThat(shards.stream().mapToInt(i -> i).sum()).isEqualTo(1000));
    }

    @Test
    void needsStake() {
        assertThatThrownBy(() -> Apportionment.of(List.of(), 10))
                .isInstanceOf(MoveAbort.class)
                .hasMessageContaining("staking_inner::dhondt 3");
    }

    @Property(tries = 300)
    void allShardsAreGivenAndNobodyIsWrongedOrFavoured(
            @ForAll @Size(min = 1, max = 40) List<@LongRange(min = 0, max = 5_000_000_000_000_000_000L) Long> spread,
            @ForAll @IntRange(min = 4, max = 1000) int nShards) {
        // The sum of all stake is one of the 5 000 million WAL that there are.
        List<Long> stakes = spread.stream().map(each -> each / spread.size()).toList();
        Assume.that(stakes.stream().anyMatch(each -> each > 0));
        Assume.that(nShards >= 10 || stakes.size() < 20); // a tenth of fewer is nothing
        List<Integer> shards = Apportionment.of(stakes, nShards);
        assertThat(shards.stream().mapToInt(i -> i).sum()).isEqualTo(nShards);
        int ceiling = stakes.size() >= 20 ? nShards / 10 : Math.ceilDiv(20 * nShards, 10 * stakes.size());
        assertThat(shards).allMatch(each -> each <= ceiling);
        for (int i = 0; i < shards.size(); i++) {
            for (int j = 0; j < shards.size(); j++) {
                if (shards.get(i) < ceiling && shards.get(j) > 0) {
                    assertThat(quotient(stakes.get(i), shards.get(i) + 1))
                            .as("what %d would have by one more, beside what %d has", i, j)
                            .isLessThanOrEqualTo(quotient(stakes.get(j), shards.get(j)));
                }
            }
        }
    }

    private static BigInteger quotient(long stake, int shards) {
        return BigInteger.valueOf(stake).shiftLeft(64).divide(BigInteger.valueOf(shards));
    }

    private static List<Long> numbers(String text) {
        return Arrays.stream(text.split(" ")).map(Long::valueOf).toList();
    }
}
