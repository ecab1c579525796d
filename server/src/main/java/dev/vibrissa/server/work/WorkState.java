package dev.vibrissa.server.work;

import java.util.Locale;

/** What a role does. */
public enum WorkState {
    /** It has not done anything yet. */
    STARTS(true),
    WORKS(true),
    /** Another process does the same on this database, and this one takes over when that ends. */
    STANDS_BY(true),
    /** It would work, but what it follows brings nothing. */
    SILENT(false),
    /** Something is wrong; it tries again by itself. */
    TRIES_AGAIN(false),
    /** It works no more until somebody starts the process again. */
    STOPPED(false),
    /** All that was to be done is done. */
    DONE(true);

    private final boolean well;

    WorkState(boolean well) {
        this.well = well;
    }

    /** Whether nobody has to look after it. */
    boolean isWell() {
        return well;
    }

    /** As in health and metrics: {@code stands_by}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
