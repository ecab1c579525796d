package dev.vibrissa.api.sql;

import java.sql.SQLException;

/** No connection to the database could be had. */
public final class DatabaseUnavailableException extends RuntimeException {
    DatabaseUnavailableException(SQLException cause) {
        super(cause);
    }
}
