package dev.vibrissa.verifier.score;

import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * So many of so many, with what can be said of the share behind it.
 *
 * @param served probes that were served
 * @param failed scored probes that were not
 */
public record Share(long served, long failed) {
    /** With fewer than this, even a clean record does not show a share of 99 % at 95 % confidence: 0.99^298 < 0.05. */
    public static final long ENOUGH = 298;

    /** The 97.5 % quantile of the standard normal distribution. */
    private static final double Z = 1.959963984540054;

    public static final double RANKING_QUANTILE = 0.05;

    /** Both ends belong to it. */
    public record Interval(double low, double high) {}

    public Share {
        if (served < 0 || failed < 0) {
            throw new IllegalArgumentException("%d served and %d failed".formatted(served, failed));
        }
    }

    public long n() {
        return Math.addExact(served, failed);
    }

    public boolean isEnough() {
        return n() >= ENOUGH;
    }

    /** The share itself; NaN of nothing. */
    public double estimate() {
        return (double) served / n();
    }

    /**
     * Wilson's score interval at 95 %, for display; of nothing, everything.
     *
     * @see "E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927"
     */
    public Interval wilson() {
        double n = n();
        if (n == 0) {
            return new Interval(0, 1);
        }
        double p = served / n;
        double scale = 1 + Z * Z / n;
        double middle = (p + Z * Z / (2 * n)) / scale;
        double half = Z / scale * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        // At the edges the interval reaches them exactly, which rounding would miss.
        return new Interval(served == 0 ? 0 : Math.max(0, middle - half), failed == 0 ? 1 : Math.min(1, middle + half));
    }

    /** What ranks: the 5 % quantile of Beta(1 + served, 1 + failed), the posterior of a uniform prior. */
    public double lowerBound() {
        return BetaDistribution.of(1.0 + served, 1.0 + failed).inverseCumulativeProbability(RANKING_QUANTILE);
    }
}
