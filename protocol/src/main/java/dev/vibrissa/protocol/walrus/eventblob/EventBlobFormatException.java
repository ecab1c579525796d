package dev.vibrissa.protocol.walrus.eventblob;

/** A file that is no event blob, or is damaged. */
public final class EventBlobFormatException extends RuntimeException {
    private final long position;

    /**
     * @param position where in the file the fault was noticed, in bytes
     */
    public EventBlobFormatException(String message, long position) {
        super(message + ", at byte " + position + " of the event blob");
        this.position = position;
    }

    /** Where in the file the fault was noticed, in bytes. */
    public long position() {
        return position;
    }
}
