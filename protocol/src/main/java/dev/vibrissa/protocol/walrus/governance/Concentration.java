package dev.vibrissa.protocol.walrus.governance;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How unevenly a whole is divided among holders.
 *
 * @param shares of each holder, greatest first; all positive
 * @param total their sum
 */
public record Concentration(List<Long> shares, long total) {
    /**
     * @param shares not negative; those of 0 hold nothing and do not count
     */
    public static Concentration of(Collection<Long> shares) {
        if (shares.stream().anyMatch(share -> share < 0)) {
            throw new IllegalArgumentException("a share below zero among %s".formatted(shares));
        }
        var sorted = shares.stream()
                .filter(share -> share > 0)
                .sorted(Comparator.reverseOrder())
                .toList();
        return new Concentration(
                sorted, sorted.stream().mapToLong(Long::longValue).sum());
    }

    public int holders() {
        return shares.size();
    }

    /** The fewest holders that together have {@code threshold}; empty if all together have less. */
    public Optional<Integer> nakamoto(long threshold) {
        long held = 0;
        for (int i = 0; i < shares.size(); i++) {
            held += shares.get(i);
            if (held >= threshold) {
                return Optional.of(i + 1);
            }
        }
        return Optional.empty();
    }

    /** Herfindahl–Hirschman index: the sum of squared fractions, from 1/holders to 1; 0 without holders. */
    public double herfindahl() {
        return shares.stream()
                .mapToDouble(share -> fraction(share) * fraction(share))
                .sum();
    }

    /** Shannon entropy in bits: log₂ holders if all have the same, 0 if one has all. */
    public double entropyBits() {
        return shares.stream()
                .mapToDouble(share -> -fraction(share) * Math.log(fraction(share)) / Math.log(2))
                .sum();
    }

    /**
     * Gini coefficient: 0 if all have the same, towards 1 if one has nearly all.
     *
     * <p>With shares x ascending and i from 1: {@code Σ (2i − n − 1)·x / (n·Σx)}.
     */
    public double gini() {
        int n = shares.size();
        double sum = 0;
        for (int i = 1; i <= n; i++) {
            sum += (2.0 * i - n - 1) * shares.get(n - i);
        }
        return total == 0 ? 0 : sum / ((double) n * total);
    }

    /**
     * A point of the Lorenz curve.
     *
     * @param holders the smallest of them
     * @param held what they have together
     */
    public record LorenzPoint(int holders, long held) {}

    /** From nobody with nothing to everybody with all, smallest holders first. */
    public List<LorenzPoint> lorenz() {
        var points = new ArrayList<LorenzPoint>();
        points.add(new LorenzPoint(0, 0));
        long held = 0;
        for (int i = 1; i <= shares.size(); i++) {
            held += shares.get(shares.size() - i);
            points.add(new LorenzPoint(i, held));
        }
        return List.copyOf(points);
    }

    private double fraction(long share) {
        return (double) share / total;
    }
}
