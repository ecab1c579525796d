package dev.vibrissa.verifier.node;

/** What a node says of something it may keep. A claim: nothing is proven by it. */
public enum StoredStatus {
    NONEXISTENT,
    /** Taken in before the blob was registered. */
    BUFFERED,
    STORED
}
