package dev.vibrissa.protocol.sui;

/**
 * Checkpoints whose certificates are kept though nothing of Walrus may be in them. Whatever has to name a future checkpoint,
 * as the seeds of audit rounds do, names one of these, and can be proven from what is stored. One in twenty-five adds about
 * a seventh to the bytes of the row that every checkpoint has anyway.
 */
public final class Milestones {
    /** Checkpoints from one to the next. */
    public static final long INTERVAL = 25;

    private Milestones() {}

    public static boolean contains(long checkpoint) {
        return checkpoint % INTERVAL == 0;
    }
}
