package dev.vibrissa.verifier.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.methodology.Methodology;
import dev.vibrissa.verifier.evidence.AuditJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * How often the intervals hold what they are about, over the list of the method's page. The exact coverage sums the binomial
 * chances of all counts whose interval holds the share; the simulated one draws counts and looks. The table is kept in
 * {@code docs/coverage.md}.
 */
class CoverageTest {
    private static final int RUNS = 40_000;
    private static final double HALF_A_POINT = 0.005;
    private static final Path TABLE = Path.of("..", "docs", "coverage.md");

    /** Each run is n probes, one by one, as a network that serves this share of them would answer. */
    private static int[] counts(int n, double p, long seed) {
        var random = new SplittableRandom(seed);
        var counts = new int[RUNS];
        for (int run = 0; run < RUNS; run++) {
            for (int probe = 0; probe < n; probe++) {
                counts[run] += random.nextDouble() < p ? 1 : 0;
            }
        }
        return counts;
    }

    private static double simulated(Coverage coverage, double p, int[] counts) {
        int hits = 0;
        for (int served : counts) {
            hits += coverage.holds(served, p) ? 1 : 0;
        }
        return (double) hits / counts.length;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", share * 100);
    }

    @Test
    void simulatedCoverageIsTheExactOne() throws Exception {
        JsonNode page = AuditJson.MAPPER
                .readTree(Methodology.of("v1").orElseThrow().text())
                .get("coverage");
        var rows = new ArrayList<String>();
        var least = new ArrayList<String>();
        long seed = 1;
        for (JsonNode probes : page.get("n")) {
            int n = probes.asInt();
            var wilson = Coverage.ofWilson(n);
            var bound = Coverage.ofLowerBound(n);
            for (JsonNode share : page.get("shares")) {
                double p = share.asDouble();
                int[] counts = counts(n, p, seed++);
                double simulatedWilson = simulated(wilson, p, counts);
                double simulatedBound = simulated(bound, p, counts);
                assertThat(simulatedWilson)
                        .describedAs("Wilson, n=%d p=%s", n, p)
                        .isCloseTo(wilson.at(p), within(HALF_A_POINT));
                assertThat(simulatedBound)
                        .describedAs("Beta, n=%d p=%s", n, p)
                        .isCloseTo(bound.at(p), within(HALF_A_POINT));
                rows.add("| %d | %s | %s | %s | %s | %s |"
                        .formatted(
                                n,
                                p,
                                percent(wilson.at(p)),
                                percent(simulatedWilson),
                                percent(bound.at(p)),
                                percent(simulatedBound)));
            }
            least.add("| %d | %s | %s |".formatted(n, told(wilson.infimum()), told(bound.infimum())));
        }
        String table = table(rows, least);
        if (Boolean.getBoolean("coverage.write")) {
            Files.writeString(TABLE, table);
        }
        assertThat(Files.readString(TABLE)).isEqualTo(table);
    }

    private static String told(Coverage.Least least) {
        return String.format(Locale.ROOT, "%s beside p = %.7f", percent(least.coverage()), least.share());
    }

    /** Between the ends of intervals nothing is less than what was found at them, and beside that end it is as little. */
    @Test
    void nowhereIsTheCoverageLessThanItsInfimum() {
        for (var coverage : List.of(Coverage.ofWilson(40), Coverage.ofLowerBound(40))) {
            Coverage.Least least = coverage.infimum();
            double seen = 1;
            for (int step = 1; step < 100_000; step++) {
                seen = Math.min(seen, coverage.at(0.5 + step / 200_000.0));
            }
            assertThat(seen).isGreaterThanOrEqualTo(least.coverage());
            double beside = Math.min(coverage.at(least.share() + 1e-9), coverage.at(least.share() - 1e-9));
            assertThat(beside).isCloseTo(least.coverage(), within(1e-6));
        }
    }

    private static String table(List<String> rows, List<String> least) {
        return """
                # How often our intervals hold the truth

                For a node that serves a share p of n probes: how often Wilson's 95 %% interval (shown) holds p, and how often
                the lower bound of Beta at 5 %% (ranks) lies at or below p. *Exact* sums the binomial chances of all counts,
                *simulated* are %d runs with fixed seeds. The list of n and p is that of the method's page
                (`/v1/methodology`, `coverage`).

                | n | p | Wilson, exact | simulated | Beta bound, exact | simulated |
                |---|---|---|---|---|---|
                %s

                Between the shares of the list it may be less. The least of all p from 0.5 to 1, exactly (the infimum; coverage
                jumps at the ends of the intervals and has no minimum between two of them, so that looking at each end from
                both sides is enough):

                | n | Wilson | Beta bound |
                |---|---|---|
                %s

                Counts are whole numbers, so that no interval can have exactly 95 %% everywhere: where p is close to 0 or 1,
                one count more or less moves the coverage by points. Wilson's intervals of p and 1 - p mirror each other,
                so that its least is that of all p from 0 to 1. The bound of Beta is not made for a node that serves next to
                nothing: where p is below the bound of no probe served, it holds p never.

                Made by `mvn -pl storage-verifier -am test -Dtest=CoverageTest -Dsurefire.failIfNoSpecifiedTests=false
                -Dcoverage.write=true`; the test holds this page against what it computes.
                """.formatted(RUNS, String.join("\n", rows), String.join("\n", least));
    }
}
