package dev.vibrissa.verifier.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HourBlocksTest {
    @Test
    void failuresInRunsAreWorthFewerProbes() {
        var even = new HourBlocks(Collections.nCopies(200, new Share(9, 1)));
        var runs = new HourBlocks(IntStream.range(0, 200)
                .mapToObj(i -> i % 10 == 0 ? new Share(0, 10) : new Share(10, 0))
                .toList());
        assertThat(even.effectiveN(1)).isEqualTo(2_000); // no variance at all between its hours
        // Every probe of an hour says the same: what is known is known of 200 hours.
        assertThat(runs.effectiveN(1)).isBetween(170.0, 230.0);
    }

    @Test
    void independentProbesAreWorthAboutTheirNumber() {
        var random = new SplittableRandom(5);
        var hours = IntStream.range(0, 300)
                .mapToObj(_ -> {
                    long served = IntStream.range(0, 10)
                            .filter(_ -> random.nextDouble() < 0.9)
                            .count();
                    return new Share(served, 10 - served);
                })
                .toList();
        assertThat(new HourBlocks(hours).effectiveN(2)).isBetween(2_400.0, 3_000.0);
    }

    @Test
    void anHourCountsAsAvailableIfAnythingWasServedInIt() {
        var blocks = new HourBlocks(
                List.of(new Share(1, 9), new Share(0, 3), new Share(0, 2), new Share(3, 0), new Share(0, 100)));
        assertThat(blocks.available()).isEqualTo(new Share(2, 2));
    }

    @Test
    void theSameSeedGivesTheSameNumber() {
        var blocks = new HourBlocks(List.of(new Share(1, 9), new Share(5, 3), new Share(7, 0)));
        assertThat(blocks.effectiveN(9)).isEqualTo(blocks.effectiveN(9));
    }
}
