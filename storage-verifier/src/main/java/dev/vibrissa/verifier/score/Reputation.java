package dev.vibrissa.verifier.score;

/**
 * A score that forgets: each outcome first shrinks all earlier ones. Shown beside the windows as the trend; nobody is
 * ranked by it.
 *
 * @param alpha weight of what was served
 * @param beta weight of what failed
 * @see "Storj, design document on node audit scores: alpha, beta, lambda and w"
 */
public record Reputation(double alpha, double beta) {
    /** What is left of an earlier outcome after each later one. */
    public static final double MEMORY = 0.999;

    /** As if a thousand had been served, which is also the most that memory can hold. */
    public static final Reputation NEW = new Reputation(1_000, 0);

    public Reputation after(boolean served) {
        return new Reputation(MEMORY * alpha + (served ? 1 : 0), MEMORY * beta + (served ? 0 : 1));
    }

    public double score() {
        return alpha / (alpha + beta);
    }
}
