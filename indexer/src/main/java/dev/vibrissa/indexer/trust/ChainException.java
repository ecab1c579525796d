package dev.vibrissa.indexer.trust;

/** A checkpoint that must not be indexed: it does not fit the chain, or no quorum stands behind it. */
public final class ChainException extends RuntimeException {
    public ChainException(String message) {
        super(message);
    }
}
