package dev.vibrissa.indexer.source;

/** A source that cannot give what was asked of it, for a reason that a retry does not mend. */
public sealed class SourceException extends RuntimeException permits PrunedCheckpointException {
    public SourceException(String message) {
        super(message);
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
