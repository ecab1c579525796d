package dev.vibrissa.protocol.walrus.stake;

import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * How much the price of a share grew, as a fraction that is not reduced: 1/4 for a quarter.
 *
 * @param denominator greater than zero
 */
public record Yield(BigInteger numerator, BigInteger denominator) {
    private static final int DIGITS = 18;

    /** {@code end / begin − 1} of the prices of a share. */
    public static Yield between(PoolExchangeRate begin, PoolExchangeRate end) {
        BigInteger after = end.walAmount().multiply(begin.shareAmount());
        BigInteger before = begin.walAmount().multiply(end.shareAmount());
        return new Yield(after.subtract(before), before);
    }

    /** With 18 digits behind the point, truncated. */
    public String decimal18() {
        return new BigDecimal(numerator)
                .divide(new BigDecimal(denominator), DIGITS, RoundingMode.DOWN)
                .toPlainString();
    }
}
