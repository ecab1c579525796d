package dev.vibrissa.indexer.kafka;

/** A record is not what its topic holds; it is put aside with this as the reason. */
final class MalformedRecordException extends RuntimeException {
    MalformedRecordException(String message) {
        super(message);
    }

    MalformedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
