package dev.vibrissa.verifier.score;

import dev.vibrissa.protocol.methodology.WeightedShare;
import dev.vibrissa.protocol.methodology.WeightedShare.Block;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What is known of a node in a window of time: never one number alone.
 *
 * @param window {@code epoch}, {@code 30d} or {@code all}
 * @param walrusEpoch the last one in the window
 * @param basis what it was made from
 * @param enough whether there are at least {@link Share#ENOUGH} scored probes; else nobody is ranked by it
 * @param weighted the share of all its slivers that this stands for: each probe weighs one over its chance (Hájek's form of
 *     the Horvitz–Thompson estimate)
 * @param weightedError its standard error, and
 * @param weightedN as many equal probes would know as much: see {@link WeightedShare}
 * @param rank the lower bound that ranks, of Beta at 5 %
 * @param effectiveN see {@link HourBlocks#effectiveN}
 * @param hoursAvailable of {@code hoursJudged}
 * @param trend see {@link Reputation}
 * @param outsideMaintenance the same of hours that no operator had announced; empty where nothing was announced
 * @param verdicts all probes, scored or not, by depth and verdict
 * @param latency milliseconds until proven, by depth
 */
public record NodeScore(
        SuiAddress nodeId,
        String methodology,
        String window,
        long walrusEpoch,
        Basis basis,
        Optional<Instant> from,
        Optional<Instant> to,
        long served,
        long failed,
        boolean enough,
        Optional<Double> estimate,
        Optional<Double> weighted,
        Optional<Double> weightedError,
        Optional<Double> weightedN,
        double rank,
        Share.Interval wilson,
        double effectiveN,
        long hoursAvailable,
        long hoursJudged,
        double trend,
        Optional<Outside> outsideMaintenance,
        List<Count> verdicts,
        List<Percentiles> latency) {
    private static final long SEED = 0x5649_4252_4953_5341L;
    private static final List<String> PROOFS = List.of("SYMBOL", "SLIVER");

    /** What is left of a score when probes inside declared maintenance are left out: beside it, never in its place. */
    public record Outside(
            long served, long failed, boolean enough, Optional<Double> estimate, double rank, Share.Interval wilson) {
        static Outside of(Share share) {
            return new Outside(
                    share.served(),
                    share.failed(),
                    share.isEnough(),
                    share.n() == 0 ? Optional.empty() : Optional.of(rounded(share.estimate())),
                    rounded(share.lowerBound()),
                    new Share.Interval(
                            rounded(share.wilson().low()),
                            rounded(share.wilson().high())));
        }
    }

    /** @param blame empty: all is well */
    public record Count(String depth, String verdict, String blame, boolean counts, long probes) {}

    /** Upper bounds of buckets, see {@link Latency}. */
    public record Percentiles(String depth, String unit, double p50, double p90, double p99, long probes) {}

    public NodeScore {
        verdicts = List.copyOf(verdicts);
        latency = List.copyOf(latency);
    }

    /**
     * The score that follows from the hours of a window.
     *
     * @param hours of this node, in any order
     */
    public static NodeScore of(
            SuiAddress nodeId,
            String methodology,
            String window,
            long walrusEpoch,
            Basis basis,
            Collection<NodeHour> hours) {
        // Claims are a node's word: counted and shown, not scored.
        List<NodeHour> scored = hours.stream()
                .filter(each -> each.counts() && PROOFS.contains(each.depth()))
                .toList();
        var byHour = new TreeMap<Instant, Share>();
        for (NodeHour each : scored) {
            byHour.merge(
                    each.hour(),
                    each.isServed() ? new Share(each.probes(), 0) : new Share(0, each.probes()),
                    (one, other) -> new Share(one.served() + other.served(), one.failed() + other.failed()));
        }
        var blocks = new HourBlocks(List.copyOf(byHour.values()));
        Share all = blocks.all();
        Share available = blocks.available();
        Optional<WeightedShare> weighted = weighted(scored);
        return new NodeScore(
                nodeId,
                methodology,
                window,
                walrusEpoch,
                basis,
                hours.stream().map(NodeHour::hour).min(Comparator.naturalOrder()),
                hours.stream().map(NodeHour::hour).max(Comparator.naturalOrder()),
                all.served(),
                all.failed(),
                all.isEnough(),
                all.n() == 0 ? Optional.empty() : Optional.of(rounded(all.estimate())),
                weighted.map(each -> rounded(each.share())),
                weighted.map(each -> rounded(each.error())),
                weighted.map(each -> rounded(each.n())),
                rounded(all.lowerBound()),
                new Share.Interval(
                        rounded(all.wilson().low()), rounded(all.wilson().high())),
                rounded(blocks.effectiveN(SEED)),
                available.served(),
                available.n(),
                rounded(trend(blocks)),
                hours.stream().anyMatch(NodeHour::maintained)
                        ? Optional.of(Outside.of(sum(scored.stream()
                                .filter(each -> !each.maintained())
                                .toList())))
                        : Optional.empty(),
                verdicts(hours),
                latency(hours));
    }

    private static Optional<WeightedShare> weighted(Collection<NodeHour> scored) {
        var byHour = new TreeMap<Instant, Block>();
        for (NodeHour each : scored) {
            byHour.merge(
                    each.hour(),
                    new Block(each.isServed() ? each.weight() : 0, each.weight()),
                    (one, other) -> new Block(one.served() + other.served(), one.all() + other.all()));
        }
        // In an order of their own: sums of fractions hang on it.
        double squares =
                scored.stream().mapToDouble(NodeHour::weightSquares).sorted().sum();
        return scored.isEmpty()
                ? Optional.empty()
                : Optional.of(WeightedShare.of(List.copyOf(byHour.values()), squares));
    }

    private static Share sum(Collection<NodeHour> hours) {
        return new Share(
                hours.stream()
                        .filter(NodeHour::isServed)
                        .mapToLong(NodeHour::probes)
                        .sum(),
                hours.stream()
                        .filter(each -> !each.isServed())
                        .mapToLong(NodeHour::probes)
                        .sum());
    }

    private static double trend(HourBlocks blocks) {
        Reputation reputation = Reputation.NEW;
        for (Share hour : blocks.hours()) {
            for (long i = 0; i < hour.n(); i++) {
                reputation = reputation.after(i < hour.served());
            }
        }
        return reputation.score();
    }

    private static List<Count> verdicts(Collection<NodeHour> hours) {
        var counts = new TreeMap<Count, Long>(Comparator.comparing(Count::depth)
                .thenComparing(Count::verdict)
                .thenComparing(Count::blame)
                .thenComparing(Count::counts));
        hours.forEach(each -> counts.merge(
                new Count(each.depth(), each.verdict(), each.blame(), each.counts(), 0), each.probes(), Long::sum));
        return counts.entrySet().stream()
                .map(each -> new Count(
                        each.getKey().depth(),
                        each.getKey().verdict(),
                        each.getKey().blame(),
                        each.getKey().counts(),
                        each.getValue()))
                .toList();
    }

    private static List<Percentiles> latency(Collection<NodeHour> hours) {
        var totals = new TreeMap<String, List<Long>>();
        var perMib = new TreeMap<String, List<Long>>();
        for (NodeHour each : hours) {
            totals.merge(each.depth(), each.latency(), Latency::sum);
            perMib.merge(each.depth(), each.latencyPerMib(), Latency::sum);
        }
        var percentiles = new ArrayList<Percentiles>();
        totals.forEach((depth, buckets) -> add(percentiles, depth, "ms", buckets));
        perMib.forEach((depth, buckets) -> add(percentiles, depth, "ms/MiB", buckets));
        return percentiles;
    }

    private static void add(List<Percentiles> percentiles, String depth, String unit, List<Long> buckets) {
        OptionalDouble median = Latency.quantile(buckets, 0.5);
        if (median.isPresent()) {
            percentiles.add(new Percentiles(
                    depth,
                    unit,
                    rounded(median.getAsDouble()),
                    rounded(Latency.quantile(buckets, 0.9).orElseThrow()),
                    rounded(Latency.quantile(buckets, 0.99).orElseThrow()),
                    buckets.stream().mapToLong(Long::longValue).sum()));
        }
    }

    /** Six places: what is compared must not hang on the last bit of a logarithm. */
    private static double rounded(double value) {
        return Math.rint(value * 1e6) / 1e6;
    }
}
