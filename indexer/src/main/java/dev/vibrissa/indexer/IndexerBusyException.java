package dev.vibrissa.indexer;

/** Another indexer holds the database; two would only get in each other's way. */
public final class IndexerBusyException extends RuntimeException {
    public IndexerBusyException(String message) {
        super(message);
    }
}
