package dev.vibrissa.verifier.score;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * How often the interval of n probes holds the share behind them.
 *
 * @param intervals of each count of served probes, from none to all
 */
public record Coverage(List<Share.Interval> intervals) {
    /** Where a coverage is least, and how little it is. */
    public record Least(double coverage, double share) {}

    public Coverage {
        intervals = List.copyOf(intervals);
    }

    /** Of the interval that is shown. */
    public static Coverage ofWilson(int n) {
        return new Coverage(of(n, Share::wilson));
    }

    /** Of the bound that ranks. */
    public static Coverage ofLowerBound(int n) {
        return new Coverage(of(n, each -> new Share.Interval(each.lowerBound(), 1)));
    }

    private static List<Share.Interval> of(int n, Function<Share, Share.Interval> interval) {
        return IntStream.rangeClosed(0, n)
                .mapToObj(served -> interval.apply(new Share(served, n - served)))
                .toList();
    }

    public int n() {
        return intervals.size() - 1;
    }

    boolean holds(int served, double share) {
        Share.Interval interval = intervals.get(served);
        return interval.low() <= share && share <= interval.high();
    }

    /** The sum of the binomial chances of all counts whose interval holds the share. */
    public double at(double share) {
        var counts = BinomialDistribution.of(n(), share);
        return IntStream.rangeClosed(0, n())
                .filter(served -> holds(served, share))
                .mapToDouble(counts::probability)
                .sum();
    }

    /**
     * The infimum over all shares from a half to one. Wilson's intervals of a share and of what it lacks mirror each other, so
     * that theirs is that of all shares. Between two neighbouring ends of intervals the counts that hold a share are the same,
     * from one to another, and the chance of those rises to one maximum and falls again: nowhere between is it less than at
     * both ends. So it is enough to look at each end from both sides, which means with the counts of the stretch beside it.
     */
    public Least infimum() {
        double[] ends = DoubleStream.concat(
                        DoubleStream.of(0.5, 1),
                        intervals.stream().flatMapToDouble(each -> DoubleStream.of(each.low(), each.high())))
                .filter(end -> end >= 0.5)
                .sorted()
                .distinct()
                .toArray();
        var least = new Least(1, 1);
        for (int i = 0; i + 1 < ends.length; i++) {
            double middle = ends[i] + (ends[i + 1] - ends[i]) / 2;
            if (middle <= ends[i] || middle >= ends[i + 1]) {
                continue; // rounding of one and the same end
            }
            int[] held = IntStream.rangeClosed(0, n())
                    .filter(served -> holds(served, middle))
                    .toArray();
            for (double end : Arrays.copyOfRange(ends, i, i + 2)) {
                double coverage = held.length == 0 ? 0 : chance(held[0], held[held.length - 1], end);
                if (coverage < least.coverage()) {
                    least = new Least(coverage, end);
                }
            }
        }
        return least;
    }

    private double chance(int from, int to, double share) {
        var counts = BinomialDistribution.of(n(), share);
        return from == 0 ? counts.cumulativeProbability(to) : counts.probability(from - 1, to);
    }
}
