package dev.vibrissa.protocol.methodology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vibrissa.protocol.methodology.WeightedShare.Block;
import dev.vibrissa.protocol.methodology.WeightedShare.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightedShareTest {
    private static final int RUNS = 2_000;

    @Test
    void equalProbesAreCountedAsTheyAre() {
        var clean = WeightedShare.of(List.of(new Block(300, 300)), 300);
        assertThat(clean).isEqualTo(new WeightedShare(1, 0, 300));
        assertThat(clean.interval()).isEqualTo(Wilson.of(1, 300));
        var one = WeightedShare.of(List.of(new Block(270, 300)), 300);
        assertThat(one.error()).isCloseTo(Math.sqrt(0.9 * 0.1 / 300), within(1e-12));
        assertThat(one.interval().low()).isCloseTo(Wilson.of(0.9, 300).low(), within(1e-9));
    }

    @Test
    void failuresInARunTellLess() {
        var scattered = WeightedShare.of(List.of(new Block(9, 10), new Block(9, 10), new Block(8, 10)), 30);
        var run = WeightedShare.of(List.of(new Block(10, 10), new Block(10, 10), new Block(6, 10)), 30);
        assertThat(run.share()).isEqualTo(scattered.share());
        assertThat(run.error()).isGreaterThan(3 * scattered.error());
        assertThat(run.interval().low()).isLessThan(scattered.interval().low());
    }

    @Test
    void unequalWeightsTellLess() {
        // One probe of 99 and 99 of one.
        var lopsided = WeightedShare.of(List.of(new Block(198, 198)), 99.0 * 99 + 99);
        assertThat(lopsided.n()).isCloseTo(198.0 * 198 / (99 * 100), within(1e-9));
        assertThat(lopsided.interval().low()).isLessThan(0.6);
    }

    @Test
    void aLargerPartIsMoreOfTheWhole() {
        var whole = WeightedShare.together(
                List.of(new Part(900, new WeightedShare(1, 0, 400)), new Part(100, new WeightedShare(0.5, 0.02, 400))));
        assertThat(whole.share()).isCloseTo(0.95, within(1e-12));
        assertThat(whole.error()).isCloseTo(0.002, within(1e-12));
        assertThat(whole.n()).isCloseTo(400 / 0.82, within(1e-9));
    }

    /** Members, strata and hours unlike each other, as a network is: the interval holds the truth about as often as it says. */
    @Test
    void theIntervalHoldsTheTruth() {
        int members = 20;
        int held = 0;
        var random = new SplittableRandom(7);
        // Two strata: small blobs, drawn eight times in ten and a fifth of all; large ones that are lost more often.
        double[] drawn = {0.8, 0.2};
        double[] part = {0.2, 0.8};
        for (int run = 0; run < RUNS; run++) {
            var parts = new ArrayList<Part>();
            double truth = 0;
            double shards = 0;
            for (int member = 0; member < members; member++) {
                double[] share = {1 - 0.001 * member, 1 - 0.004 * member};
                double weight = 5 + member;
                truth += weight * (part[0] * share[0] + part[1] * share[1]);
                shards += weight;
                parts.add(new Part(weight, sampled(random, drawn, part, share)));
            }
            Wilson interval = WeightedShare.together(parts).interval();
            held += interval.low() <= truth / shards && truth / shards <= interval.high() ? 1 : 0;
        }
        assertThat((double) held / RUNS).isBetween(0.92, 0.98);
    }

    private static WeightedShare sampled(SplittableRandom random, double[] drawn, double[] part, double[] share) {
        var hours = new ArrayList<Block>();
        double squares = 0;
        for (int hour = 0; hour < 40; hour++) {
            double served = 0;
            double all = 0;
            for (int probe = 0; probe < 8; probe++) {
                int stratum = random.nextDouble() < drawn[0] ? 0 : 1;
                double weight = part[stratum] / drawn[stratum];
                all += weight;
                served += random.nextDouble() < share[stratum] ? weight : 0;
                squares += weight * weight;
            }
            hours.add(new Block(served, all));
        }
        return WeightedShare.of(hours, squares);
    }
}
