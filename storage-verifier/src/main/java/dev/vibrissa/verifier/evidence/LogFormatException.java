package dev.vibrissa.verifier.evidence;

/** A line that is no entry of a log. */
public final class LogFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LogFormatException(String message) {
        super(message);
    }
}
