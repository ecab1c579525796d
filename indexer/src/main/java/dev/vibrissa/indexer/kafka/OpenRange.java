package dev.vibrissa.indexer.kafka;

/** A range that was asked for and is not stored yet. Of the projector's thread. */
final class OpenRange {
    final long first;
    /** Inclusive. */
    final long last;

    int attempt;
    /** Facts of earlier attempts are not good: packages were learned since, or they were refused. */
    int goodFromAttempt;

    /** How often it failed, not counting that nobody answered. */
    int failures;

    /** Why it was or will be asked for again; empty at first. */
    String reason = "";

    /** Somebody who was asked did not have it yet, and nothing is wrong. */
    boolean isNotYet;

    boolean isToBeAsked = true;
    /** Not before, of {@link System#nanoTime}. */
    long askAtNanos = System.nanoTime();

    OpenRange(long first, long last, int attempt) {
        this.first = first;
        this.last = last;
        this.attempt = attempt;
    }

    boolean isDue() {
        return isToBeAsked && System.nanoTime() - askAtNanos >= 0;
    }

    @Override
    public String toString() {
        return "checkpoints %d to %d".formatted(first, last);
    }
}
