package dev.vibrissa.protocol.methodology;

/**
 * Wilson's score interval at 95 %. Both ends belong to it.
 *
 * @see "E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927"
 */
public record Wilson(double low, double high) {
    /** The 97.5 % quantile of the standard normal distribution. */
    private static final double Z = 1.959963984540054;

    /**
     * Around a share that was seen in n probes; of none, everything.
     *
     * @param n need not be whole: probes that tell as much as so many equal ones
     */
    public static Wilson of(double share, double n) {
        if (n == 0) {
            return new Wilson(0, 1);
        }
        double scale = 1 + Z * Z / n;
        double middle = (share + Z * Z / (2 * n)) / scale;
        double half = Z / scale * Math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
        // At the edges the interval reaches them exactly, which rounding would miss.
        return new Wilson(share == 0 ? 0 : Math.max(0, middle - half), share == 1 ? 1 : Math.min(1, middle + half));
    }
}
