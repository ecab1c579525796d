package dev.vibrissa.migrations;

/** The database does not fit this program: too old a PostgreSQL, a newer schema, or a changed one. */
public final class SchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SchemaException(String message) {
        super(message);
    }

    SchemaException(String message, Throwable cause) {
        super(message, cause);
    }
}
