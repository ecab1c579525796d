package dev.vibrissa.verifier.score;

import dev.vibrissa.protocol.methodology.Wilson;
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

    /** Wilson's score interval at 95 %, for display; of nothing, everything. */
    public Interval wilson() {
        Wilson interval = Wilson.of(n() == 0 ? 0 : estimate(), n());
        return new Interval(interval.low(), interval.high());
    }

    /** What ranks: the 5 % quantile of Beta(1 + served, 1 + failed), the posterior of a uniform prior. */
    public double lowerBound() {
        return BetaDistribution.of(1.0 + served, 1.0 + failed).inverseCumulativeProbability(RANKING_QUANTILE);
    }
}
