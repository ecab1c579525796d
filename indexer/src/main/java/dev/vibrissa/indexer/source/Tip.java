package dev.vibrissa.indexer.source;

/** What came of asking one place once for its last checkpoint. */
sealed interface Tip {
    /** By its own word, which proves nothing. */
    record At(long checkpoint) implements Tip {}

    /** It answers, but does not say. */
    record Untold() implements Tip {}

    /** No answer, for a reason that may pass. */
    record Unavailable(String fault) implements Tip {}

    /** Nothing of what this place says can be used: another chain, or no such service. */
    record Refused(String reason) implements Tip {}
}
