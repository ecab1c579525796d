package dev.vibrissa.server.cli;

import java.util.Locale;

/** What one process of {@code up} does; a small installation does everything in one. */
public enum Role {
    INDEXER,
    VERIFIER,
    API;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
