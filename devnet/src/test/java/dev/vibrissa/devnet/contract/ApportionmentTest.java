package dev.vibrissa.devnet.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.devnet.ledger.move.MoveAbort;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
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

    private static List<Long> numbers(String text) {
        return Arrays.stream(text.split(" ")).map(Long::valueOf).toList();
    }
}
