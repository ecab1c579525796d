package dev.vibrissa.protocol.sui.proof;

/** A file that is no evidence: not JSON, or a field that is missing, unknown or malformed. The message names it. */
public final class EvidenceFormatException extends RuntimeException {
    public EvidenceFormatException(String message) {
        super(message);
    }

    public EvidenceFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
