package dev.vibrissa.verifier.score;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Scored probes by the hour. Failures come in runs, so that a thousand probes of one bad hour tell less than a thousand
 * spread over a month: the bootstrap draws whole hours.
 *
 * @param hours those with at least one scored probe, in order
 */
public record HourBlocks(List<Share> hours) {
    public static final int RESAMPLES = 1_000;

    /** An hour with fewer says nothing of the hour. */
    public static final long ENOUGH_IN_HOUR = 3;

    public HourBlocks {
        hours = List.copyOf(hours);
    }

    public Share all() {
        return new Share(
                hours.stream().mapToLong(Share::served).sum(),
                hours.stream().mapToLong(Share::failed).sum());
    }

    /**
     * As many independent probes as would give a share of this uncertainty: {@code p(1-p)} over the variance of the share
     * among {@value #RESAMPLES} samples of as many hours, drawn with replacement; never more than there are. Without both
     * outcomes, or with a single hour, there is no variance to see, and it is the number of probes.
     *
     * @param seed fixes the samples
     */
    public double effectiveN(long seed) {
        Share all = all();
        if (all.served() == 0 || all.failed() == 0 || hours.size() < 2) {
            return all.n();
        }
        var random = new SplittableRandom(seed);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < RESAMPLES; i++) {
            long served = 0;
            long n = 0;
            for (int j = 0; j < hours.size(); j++) {
                Share hour = hours.get(random.nextInt(hours.size()));
                served += hour.served();
                n += hour.n();
            }
            double share = (double) served / n - all.estimate();
            sum += share;
            squares += share * share;
        }
        double mean = sum / RESAMPLES;
        double variance = squares / RESAMPLES - mean * mean;
        return variance <= 0 ? all.n() : Math.min(all.n(), all.estimate() * (1 - all.estimate()) / variance);
    }

    /** Hours in which anything was served, of those with at least {@value #ENOUGH_IN_HOUR} probes. */
    public Share available() {
        List<Share> judged =
                hours.stream().filter(each -> each.n() >= ENOUGH_IN_HOUR).toList();
        long served = judged.stream().filter(each -> each.served() > 0).count();
        return new Share(served, judged.size() - served);
    }
}
