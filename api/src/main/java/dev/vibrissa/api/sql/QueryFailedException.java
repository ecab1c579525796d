package dev.vibrissa.api.sql;

import java.sql.SQLException;

/** A statement failed; its SQLSTATE says whether it took too long, the database went away, or we are at fault. */
public final class QueryFailedException extends RuntimeException {
    private static final String QUERY_CANCELED = "57014";

    private final String state;

    QueryFailedException(SQLException cause) {
        super(cause);
        this.state = cause.getSQLState() == null ? "" : cause.getSQLState();
    }

    public boolean tookTooLong() {
        return state.equals(QUERY_CANCELED);
    }

    /** The connection broke, or PostgreSQL is shutting down, starting up or out of resources. */
    public boolean isOutage() {
        return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53");
    }
}
