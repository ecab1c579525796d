package dev.vibrissa.protocol.sui;

/**
 * Checkpoints whose certificates are kept though nothing of Walrus may be in them. Whatever has to name a future checkpoint,
 * as the seeds of audit rounds do, names one of these, and can be proven from what is stored.
 */
public final class Milestones {
    /** Checkpoints from one to the next. */
    public static final long INTERVAL = 25;

    private Milestones() {}

    public static boolean contains(long checkpoint) {
        return checkpoint % INTERVAL == 0;
    }
}
