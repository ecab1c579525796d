package dev.vibrissa.api.sql;

import java.sql.SQLException;

/** A statement failed; its SQLSTATE says whether it took too long, the database went away, or we are at fault. */
public final class QueryFailedException extends RuntimeException {
    private static final String QUERY_CANCELED = "57014";
    private static final String CHARACTER_NOT_IN_REPERTOIRE = "22021";

    private final String state;
    private final String limits;

    QueryFailedException(SQLException cause, Allowance allowance) {
        super(cause);
        this.state = cause.getSQLState() == null ? "" : cause.getSQLState();
        this.limits = allowance.reason();
    }

    private QueryFailedException(String limits) {
        super(limits);
        this.state = QUERY_CANCELED;
        this.limits = limits;
    }

    /** Nothing is left for another statement. */
    static QueryFailedException tooLate(String limits) {
        return new QueryFailedException(limits);
    }

    public boolean tookTooLong() {
        return state.equals(QUERY_CANCELED);
    }

    /** What was asked for has a character that no text in PostgreSQL has: U+0000. */
    public boolean hasImpossibleCharacter() {
        return state.equals(CHARACTER_NOT_IN_REPERTOIRE);
    }

    /** How long it might have taken, with the numbers. */
    public String limits() {
        return limits;
    }

    /** The connection broke, or PostgreSQL is shutting down, starting up or out of resources. */
    public boolean isOutage() {
        return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53");
    }
}
