package dev.vibrissa.verifier.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

/**
 * How often the intervals hold what they are about. The exact coverage sums the binomial chances of all counts whose
 * interval holds the share; the simulated one draws counts and looks. The table is kept in {@code docs/coverage.md}.
 */
class CoverageTest {
    private static final int RUNS = 40_000;
    private static final double HALF_A_POINT = 0.005;
    private static final Path TABLE = Path.of("..", "docs", "coverage.md");

    private static final int[] PROBES = {30, 100, 298, 459, 1_000};
    private static final double[] SHARES = {0.5, 0.8, 0.9, 0.95, 0.99, 0.999};

    /** The intervals of all counts of n probes, by the count. */
    private static final Map<Integer, List<Share.Interval>> WILSON = new HashMap<>();

    private static final Map<Integer, List<Double>> BOUNDS = new HashMap<>();

    private static <T> List<T> ofAllCounts(int n, Function<Share, T> of) {
        return IntStream.rangeClosed(0, n)
                .mapToObj(served -> of.apply(new Share(served, n - served)))
                .toList();
    }

    private static IntPredicate wilson(int n, double p) {
        var intervals = WILSON.computeIfAbsent(n, _ -> ofAllCounts(n, Share::wilson));
        return served ->
                intervals.get(served).low() <= p && p <= intervals.get(served).high();
    }

    private static IntPredicate lowerBound(int n, double p) {
        var bounds = BOUNDS.computeIfAbsent(n, _ -> ofAllCounts(n, Share::lowerBound));
        return served -> bounds.get(served) <= p;
    }

    private static double exact(int n, double p, IntPredicate held) {
        var counts = BinomialDistribution.of(n, p);
        return IntStream.rangeClosed(0, n)
                .filter(held)
                .mapToDouble(counts::probability)
                .sum();
    }

    /** Each run is n probes, one by one, as a network that serves this share of them would answer. */
    private static double simulated(int n, double p, IntPredicate held, long seed) {
        var random = new SplittableRandom(seed);
        int hits = 0;
        for (int run = 0; run < RUNS; run++) {
            int served = 0;
            for (int probe = 0; probe < n; probe++) {
                served += random.nextDouble() < p ? 1 : 0;
            }
            hits += held.test(served) ? 1 : 0;
        }
        return (double) hits / RUNS;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", share * 100);
    }

    @Test
    void simulatedCoverageIsTheExactOne() throws Exception {
        var rows = new ArrayList<String>();
        var least = new ArrayList<String>();
        long seed = 1;
        for (int n : PROBES) {
            for (double p : SHARES) {
                IntPredicate wilson = wilson(n, p);
                IntPredicate bound = lowerBound(n, p);
                double exactWilson = exact(n, p, wilson);
                double exactBound = exact(n, p, bound);
                double simulatedWilson = simulated(n, p, wilson, seed++);
                double simulatedBound = simulated(n, p, bound, seed++);
                assertThat(simulatedWilson)
                        .describedAs("Wilson, n=%d p=%s", n, p)
                        .isCloseTo(exactWilson, within(HALF_A_POINT));
                assertThat(simulatedBound)
                        .describedAs("Beta, n=%d p=%s", n, p)
                        .isCloseTo(exactBound, within(HALF_A_POINT));
                rows.add("| %d | %s | %s | %s | %s | %s |"
                        .formatted(
                                n,
                                p,
                                percent(exactWilson),
                                percent(simulatedWilson),
                                percent(exactBound),
                                percent(simulatedBound)));
            }
            int probes = n;
            least.add("| %d | %s | %s |"
                    .formatted(
                            n,
                            least(p -> exact(probes, p, wilson(probes, p))),
                            least(p -> exact(probes, p, lowerBound(probes, p)))));
        }
        String table = table(rows, least);
        System.out.println(table);
        if (Boolean.getBoolean("coverage.write")) {
            Files.writeString(TABLE, table);
        }
        assertThat(Files.readString(TABLE)).isEqualTo(table);
    }

    /** The least coverage of all shares from a half to one, and where it is. */
    private static String least(DoubleUnaryOperator coverage) {
        double least = 1;
        double where = 1;
        for (int step = 5_000; step < 10_000; step += 5) {
            double p = step / 10_000.0;
            double here = coverage.applyAsDouble(p);
            if (here < least) {
                least = here;
                where = p;
            }
        }
        return "%s at p = %s".formatted(percent(least), where);
    }

    private static String table(List<String> rows, List<String> least) {
        return """
                # How often our intervals hold the truth

                For a node that serves a share p of n probes: how often Wilson's 95 %% interval (shown) holds p, and how often
                the lower bound of Beta at 5 %% (ranks) lies at or below p. *Exact* sums the binomial chances of all counts,
                *simulated* are %d runs with fixed seeds.

                | n | p | Wilson, exact | simulated | Beta bound, exact | simulated |
                |---|---|---|---|---|---|
                %s

                Least exact coverage of all p from 0.5 to 0.9995 in steps of 0.0005:

                | n | Wilson | Beta bound |
                |---|---|---|
                %s

                Counts are whole numbers, so that no interval can have exactly 95 %% everywhere: where p is close to 1, one count
                more or less moves the coverage by points.

                Made by `mvn -pl storage-verifier -am test -Dtest=CoverageTest -Dsurefire.failIfNoSpecifiedTests=false
                -Dcoverage.write=true`; the test holds this page against what it computes.
                """.formatted(RUNS, String.join("\n", rows), String.join("\n", least));
    }
}
