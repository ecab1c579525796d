package dev.vibrissa.protocol.bcs;

/** Bytes that are not what their type says: too short, too long, not canonical, or an unknown variant. */
public final class BcsException extends RuntimeException {
    private final int offset;

    /**
     * @param offset where in the value the fault was noticed, in bytes
     */
    public BcsException(String message, int offset) {
        super(message + " at byte " + offset);
        this.offset = offset;
    }

    /** Where in the value the fault was noticed, in bytes. */
    public int offset() {
        return offset;
    }
}
