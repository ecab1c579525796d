package dev.vibrissa.devnet.node;

import dev.vibrissa.redstuff.Sliver;

/** What looking for a sliver came to; the other case is {@link Answer.Refused}. */
sealed interface Looked permits Looked.Found, Answer.Refused {
    /** The sliver as the node gives it, which need not be the true one. */
    record Found(Sliver sliver) implements Looked {}
}
