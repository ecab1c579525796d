package dev.vibrissa.indexer.kafka;

/** What an extractor or a projector says of itself, for whoever watches over it. */
public sealed interface Word {
    /** A sentence. */
    String reason();

    record Works(String reason) implements Word {}

    /** All is well, and others have all there is to do. */
    record StandsBy(String reason) implements Word {}

    /** Something it needs is away: Kafka or the database, which the reason names. */
    record TriesAgain(String reason) implements Word {}
}
