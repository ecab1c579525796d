package dev.vibrissa.protocol.methodology;

import java.util.List;

/**
 * A share in which each probe weighs one over its chance, and how sure it is.
 *
 * @param error its standard error; 0 where nothing differed
 * @param n as many equal probes would know as much, if none of them hung together
 */
public record WeightedShare(double share, double error, double n) {
    /** Weights of what was asked together, such as in an hour: failures come in runs. */
    public record Block(double served, double all) {}

    /** A part of the whole, such as a member with its shards. */
    public record Part(double weight, WeightedShare share) {}

    /**
     * Hájek's form of the Horvitz–Thompson estimate, with the variance of a ratio of clusters.
     *
     * @param blocks at least one, with weight
     * @param squares sum of the squares of the weights of all probes
     */
    public static WeightedShare of(List<Block> blocks, double squares) {
        double all = blocks.stream().mapToDouble(Block::all).sum();
        double share = blocks.stream().mapToDouble(Block::served).sum() / all;
        double n = all * all / squares; // after Kish
        int m = blocks.size();
        double variance;
        if (m == 1) {
            variance = share * (1 - share) / n;
        } else {
            double sum = 0;
            for (Block each : blocks) {
                double off = each.served() - share * each.all();
                sum += off * off;
            }
            variance = sum * m / (m - 1) / (all * all);
        }
        return new WeightedShare(share, Math.sqrt(variance), n);
    }

    /**
     * Of parts that were sampled each for itself.
     *
     * @param parts at least one, with weight
     */
    public static WeightedShare together(List<Part> parts) {
        double all = parts.stream().mapToDouble(Part::weight).sum();
        double share = 0;
        double variance = 0;
        double inverse = 0;
        for (Part each : parts) {
            double part = each.weight() / all;
            share += part * each.share().share();
            variance += part * part * each.share().error() * each.share().error();
            inverse += part * part / each.share().n();
        }
        return new WeightedShare(Math.min(1, share), Math.sqrt(variance), 1 / inverse);
    }

    /** At 95 %. */
    public Wilson interval() {
        double variance = error * error;
        return Wilson.of(share, variance == 0 ? n : Math.min(n, share * (1 - share) / variance));
    }
}
