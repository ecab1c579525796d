package dev.vibrissa.verifier.node;

/** Whose fault a failure may be. Only {@link #NODE} counts against a node by one observer's word. */
public enum Blame {
    /** The node, proven by what it sent over an authenticated connection, or by its own record on the chain. */
    NODE,
    /** The node or the path to it: one observer cannot tell. */
    NODE_OR_NETWORK,
    /** The path, as several observers find it: one alone cannot tell it from the node. */
    NETWORK,
    /** We ourselves. */
    PROBER,
    /**
     * The node and we see different epochs, committees or registrations, as happens around an epoch change. That is the
     * node's word only: to be held against the chain before it excuses, and if the chain says otherwise, no excuse.
     */
    CHAIN,
    /** The operator's choice, such as a deny list. */
    POLICY,
    /** Whoever wrote the blob. */
    CLIENT
}
