package dev.vibrissa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.benchmarks.Latencies.Answer;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** From sent to answered. */
class LatenciesTest {
    private static final long MILLI = 1_000_000;

    @Test
    void endAtTheFirstAnswerThatCoversACheckpoint() {
        var latencies = Latencies.of(
                Map.of(7L, 0L, 8L, 10 * MILLI, 9L, 20 * MILLI),
                List.of(new Answer(5 * MILLI, 6), new Answer(30 * MILLI, 8), new Answer(50 * MILLI, 9)),
                7,
                9);
        assertThat(latencies.sortedNanos()).containsExactly(20 * MILLI, 30 * MILLI, 30 * MILLI);
        assertThat(latencies.jumpedOver()).as("7, which came with 8").isEqualTo(1);
    }

    @Test
    void leaveOutNothingThatWasNotAnsweredOrSent() {
        var answers = List.of(new Answer(MILLI, 7));
        assertThatThrownBy(() -> Latencies.of(Map.of(7L, 0L, 8L, 0L), answers, 7, 8))
                .hasMessage("checkpoint 8 was never answered");
        assertThatThrownBy(() -> Latencies.of(Map.of(), answers, 7, 7)).hasMessage("checkpoint 7 was never sent");
    }

    @Test
    void areNotThereForNothing() {
        assertThatThrownBy(() -> Latencies.of(Map.of(), List.of(), 8, 7))
                .hasMessage("no checkpoint was measured: the first would be 8, the last was 7");
    }

    @Test
    void haveNearestRanksAsPercentiles() {
        var hundred = new Latencies(
                LongStream.rangeClosed(1, 100).map(each -> each * MILLI).boxed().toList(), 0);
        assertThat(hundred.percentileMillis(50)).isEqualTo(50);
        assertThat(hundred.percentileMillis(99)).isEqualTo(99);
        assertThat(hundred.percentileMillis(100)).isEqualTo(100);
        var one = new Latencies(List.of(3 * MILLI), 0);
        assertThat(one.percentileMillis(0)).isEqualTo(3);
        assertThat(one.percentileMillis(99)).isEqualTo(3);
    }
}
