package dev.vibrissa.protocol.walrus.snapshot;

/** A file that is no blob-info snapshot, or is damaged. */
public final class SnapshotFormatException extends RuntimeException {
    private final long position;

    /**
     * @param position where in the file the fault was noticed, in bytes
     */
    public SnapshotFormatException(String message, long position) {
        super(message + ", at byte " + position + " of the snapshot");
        this.position = position;
    }

    /** Where in the file the fault was noticed, in bytes. */
    public long position() {
        return position;
    }
}
