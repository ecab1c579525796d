package dev.vibrissa.indexer.source;

/** Everybody who could be asked for a checkpoint keeps it no longer: what lies before it cannot be had either. */
public final class PrunedCheckpointException extends SourceException {
    public PrunedCheckpointException(String message) {
        super(message);
    }
}
