package dev.vibrissa.protocol.walrus.status;

/**
 * Facts that no chain can have produced: an event is missing, doubled or out of order. The stream is at fault, never
 * the blob, so whoever folds it stops.
 */
public final class BrokenHistoryException extends RuntimeException {
    private final Position position;

    BrokenHistoryException(Position position, String what) {
        super("at " + position + ": " + what);
        this.position = position;
    }

    /** The fact that does not fit. */
    public Position position() {
        return position;
    }
}
