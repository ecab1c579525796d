package dev.vibrissa.indexer.source;

/** A source that cannot give what was asked of it, for a reason that a retry does not mend. */
public final class SourceException extends RuntimeException {
    public SourceException(String message) {
        super(message);
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
