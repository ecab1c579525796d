package dev.vibrissa.redstuff;

/** What verifying a sliver came to. */
public sealed interface SliverVerdict {
    /** The sliver is the one asked for, and metadata commits to it. */
    record Accepted(Sliver sliver) implements SliverVerdict {}

    /**
     * It is not.
     *
     * @param detail a sentence with the numbers
     */
    record Refused(Reason reason, String detail) implements SliverVerdict {}

    /** In the order in which it is looked for. */
    enum Reason {
        /** Not BCS of a sliver. */
        DECODE_ERROR,
        /** An index beyond the shards. */
        INDEX_TOO_LARGE,
        /** Not as long as a sliver of this blob. */
        SLIVER_SIZE_MISMATCH,
        /** Not the symbol size of this blob. */
        SYMBOL_SIZE_MISMATCH,
        /** Expanded it leads to another root than metadata has. */
        MERKLE_ROOT_MISMATCH,
        /** A sound sliver of this blob, but of another pair: with it, one sliver held would answer for all. */
        WRONG_SLIVER_INDEX
    }
}
