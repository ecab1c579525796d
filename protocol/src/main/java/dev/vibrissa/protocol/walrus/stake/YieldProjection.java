package dev.vibrissa.protocol.walrus.stake;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What stake would earn over a year if every epoch brought the same: an estimate, no amount.
 *
 * @param grossYield per epoch, before commission
 * @param commission basis points, by the epoch from which on they apply; the first holds before it too
 * @param epoch how long an epoch lasts
 */
public record YieldProjection(BigDecimal grossYield, SortedMap<Long, Integer> commission, Duration epoch) {
    private static final MathContext DIGITS = MathContext.DECIMAL128;
    private static final BigDecimal ALL_BASIS_POINTS = BigDecimal.valueOf(10_000);
    private static final BigDecimal YEAR_MILLIS = BigDecimal.valueOf(31_557_600_000L); // 365.25 days
    private static final int SHOWN_DIGITS = 12;

    public YieldProjection {
        if (commission.isEmpty()) {
            throw new IllegalArgumentException("a projection needs a commission, if it is 0");
        }
        if (epoch.toMillis() <= 0) {
            throw new IllegalArgumentException("an epoch of %s cannot be projected onto a year".formatted(epoch));
        }
        commission = new TreeMap<>(commission);
    }

    /** What an epoch brought, commission included, by what was staked. */
    public static BigDecimal gross(BigInteger reward, BigInteger stake) {
        return new BigDecimal(reward).divide(new BigDecimal(stake), DIGITS);
    }

    public static BigDecimal mean(List<BigDecimal> yields) {
        return yields.stream()
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .divide(BigDecimal.valueOf(yields.size()), DIGITS);
    }

    /** With 18 digits behind the point, truncated. */
    public static String decimal18(BigDecimal yield) {
        return yield.setScale(18, RoundingMode.DOWN).toPlainString();
    }

    /** What stakers keep of an epoch. */
    public BigDecimal netYield(long inEpoch) {
        var begun = commission.headMap(inEpoch + 1);
        int rate = begun.isEmpty()
                ? commission.firstEntry().getValue()
                : begun.lastEntry().getValue();
        return grossYield
                .multiply(ALL_BASIS_POINTS.subtract(BigDecimal.valueOf(rate)))
                .divide(ALL_BASIS_POINTS, DIGITS);
    }

    public BigDecimal epochsPerYear() {
        return YEAR_MILLIS.divide(BigDecimal.valueOf(epoch.toMillis()), 6, RoundingMode.DOWN);
    }

    /**
     * {@code (1 + y)^n − 1} for the epochs of a year, in steps where commission changes. Empty where that is beyond all
     * numbers, as it is on networks with epochs of minutes.
     */
    public Optional<BigDecimal> perYear(long firstEpoch) {
        double left = YEAR_MILLIS.doubleValue() / epoch.toMillis();
        double growth = 0; // its logarithm
        long from = firstEpoch;
        for (long change : commission.tailMap(firstEpoch + 1).keySet()) {
            double epochs = Math.min(left, change - from);
            growth += epochs * Math.log1p(netYield(from).doubleValue());
            left -= epochs;
            from = change;
        }
        growth += left * Math.log1p(netYield(from).doubleValue());
        double perYear = Math.expm1(growth);
        return Double.isFinite(perYear)
                ? Optional.of(BigDecimal.valueOf(perYear).setScale(SHOWN_DIGITS, RoundingMode.DOWN))
                : Optional.empty();
    }
}
