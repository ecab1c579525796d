package dev.vibrissa.dashboards;

/** The bound that ranks operators, made a second way: by the binomial distribution that Beta's is the other side of. */
final class BetaBound {
    private static final double TAIL = 0.05;
    private static final int HALVINGS = 60;

    private BetaBound() {}

    /**
     * The share q for which more than {@code served} of {@code served + failed + 1} would be served with a chance of 5 %: the
     * 5 % quantile of Beta(1 + served, 1 + failed).
     *
     * @param served 0 or more, as {@code failed}
     */
    static double of(long served, long failed) {
        double low = 0;
        double high = 1;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (atMostFailing(served, failed, middle) < TAIL) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** Chance that of one probe more than there were no more than {@code failed} fail, each served with chance q. */
    private static double atMostFailing(long served, long failed, double q) {
        long n = served + failed + 1;
        double term = n * Math.log(q); // of no failure, in logarithms: thousands of factors below 1
        double sum = Math.exp(term);
        for (long j = 1; j <= failed; j++) {
            term += Math.log(n - j + 1.0) - Math.log(j) + Math.log1p(-q) - Math.log(q);
            sum += Math.exp(term);
        }
        return sum;
    }
}
