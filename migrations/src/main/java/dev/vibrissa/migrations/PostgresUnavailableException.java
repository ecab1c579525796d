package dev.vibrissa.migrations;

/** The embedded PostgreSQL cannot run, or must not: the message says why and what to do, for a person to read. */
public final class PostgresUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PostgresUnavailableException(String message) {
        super(message);
    }

    PostgresUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
