package dev.vibrissa.protocol.sui;

/** A file that is no checkpoint, or one we cannot read: the message names the file, the place and the numbers. */
public final class CheckpointFormatException extends RuntimeException {
    public CheckpointFormatException(String file, String reason) {
        super(file + ": " + reason);
    }

    public CheckpointFormatException(String file, String reason, Throwable cause) {
        super(file + ": " + reason, cause);
    }
}
