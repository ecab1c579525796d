package dev.vibrissa.server.cli;

import java.util.Locale;

/**
 * What one process of {@code up} does; a small installation does everything in one. Where there is a broker, an indexer can
 * be taken apart into extractors and a projector.
 */
public enum Role {
    INDEXER,
    EXTRACTOR,
    PROJECTOR,
    VERIFIER,
    API;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
