package dev.vibrissa.redstuff;

/** What verifying a recovery symbol came to. */
public enum SymbolVerdict {
    /** The symbol belongs to a sliver that metadata commits to. */
    ACCEPTED,
    /** Source or target lie beyond the shards. */
    INDEX_TOO_LARGE,
    /** Not the symbol size of this blob. */
    SYMBOL_SIZE_MISMATCH,
    /** Not as many siblings as the tree is deep. */
    PROOF_LENGTH_MISMATCH,
    /** The proof leads to another root than metadata has. */
    MERKLE_ROOT_MISMATCH
}
