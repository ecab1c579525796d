package dev.vibrissa.verifier.score;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Latencies in {@value #BUCKETS} buckets whose bounds grow by a quarter: bucket i holds what is at most 1.25^i
 * milliseconds and more than the bucket before. A percentile read from them is less than a quarter too high.
 */
public final class Latency {
    public static final int BUCKETS = 64;

    /** Of the bounds, from one bucket to the next. */
    public static final double GROWTH = 1.25;

    private Latency() {}

    public static int bucket(double millis) {
        return (int)
                Math.clamp(Math.ceil(StrictMath.log(Math.max(millis, 1)) / StrictMath.log(GROWTH)), 0, BUCKETS - 1);
    }

    /** Most milliseconds in a bucket. */
    public static double upperBound(int bucket) {
        return StrictMath.pow(GROWTH, bucket);
    }

    /** One probe, or none. */
    public static List<Long> one(boolean counts, double millis) {
        List<Long> buckets = none();
        if (counts) {
            buckets.set(bucket(millis), 1L);
        }
        return buckets;
    }

    static List<Long> none() {
        return new ArrayList<>(Collections.nCopies(BUCKETS, 0L));
    }

    public static List<Long> sum(List<Long> one, List<Long> other) {
        List<Long> sum = none();
        for (int i = 0; i < BUCKETS; i++) {
            sum.set(i, one.get(i) + other.get(i));
        }
        return sum;
    }

    /** The bound of the bucket in which the {@code quantile} of all probes lies; empty if there are none. */
    static OptionalDouble quantile(List<Long> buckets, double quantile) {
        long all = buckets.stream().mapToLong(Long::longValue).sum();
        if (all == 0) {
            return OptionalDouble.empty();
        }
        long rank = (long) Math.ceil(quantile * all);
        long seen = 0;
        for (int i = 0; i < buckets.size(); i++) {
            seen += buckets.get(i);
            if (seen >= rank) {
                return OptionalDouble.of(upperBound(i));
            }
        }
        throw new IllegalStateException("rank %d of %d".formatted(rank, all));
    }
}
