package dev.vibrissa.protocol.walrus.status;

/**
 * What became of a blob in one word of ours, which tells apart what a storage node cannot. That a blob is deny-listed
 * is a flag beside it.
 */
public enum BlobState {
    /** Some object is alive, none certified. */
    REGISTERED,
    /** Some certified object is alive. */
    CERTIFIED,
    /** Alive, but the owners destroyed every live object: it cannot be extended or deleted. */
    BURNED,
    /** No object is alive; the last one reached its end. */
    EXPIRED,
    /** No object is alive; the last one was deleted. */
    DELETED,
    /** The storage nodes found it inconsistent. */
    INVALID,
    /** Nothing on the chain, as far as we have read it, mentions it. */
    NEVER_SEEN
}
