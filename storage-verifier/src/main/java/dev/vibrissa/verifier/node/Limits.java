package dev.vibrissa.verifier.node;

import java.time.Duration;

/**
 * How long an exchange with a node may take. All durations count from its start but the grace.
 *
 * @param connect until TLS stands, looking up the name included
 * @param firstByte until the head of the answer, status and headers, is complete
 * @param total until the body is complete
 * @param leastBytesPerSecond of a body, on average since its head, so that dripping does not tie us up for long
 * @param rateGrace from the head of the answer on, time that does not count in that average
 */
public record Limits(
        Duration connect, Duration firstByte, Duration total, int leastBytesPerSecond, Duration rateGrace) {
    /**
     * The reference client connects within 5 s too. It waits five minutes for a whole answer, which suits who wants the
     * data at any price; we measure, and a sliver of ordinary size takes a second or two.
     */
    public static final Limits USUAL = new Limits(
            Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(60), 32 * 1024, Duration.ofSeconds(5));

    public Limits {
        if (!connect.isPositive() || !firstByte.isPositive() || !total.isPositive()) {
            throw new IllegalArgumentException(
                    "deadlines %s, %s and %s are not all positive".formatted(connect, firstByte, total));
        }
        if (leastBytesPerSecond < 0 || rateGrace.isNegative()) {
            throw new IllegalArgumentException(
                    "least rate %d with grace %s is negative".formatted(leastBytesPerSecond, rateGrace));
        }
    }
}
