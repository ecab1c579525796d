package dev.vibrissa.migrations;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The right to a piece of work is gone, with the session that held it; what was not committed is rolled back. */
public final class TurnLostException extends SQLException {
    private static final long serialVersionUID = 1L;

    /** Of a connection that failed: the same work may be tried again. */
    private static final String CONNECTION_FAILURE = "08006";

    TurnLostException(String reason, @Nullable SQLException cause) {
        super(reason, CONNECTION_FAILURE, cause);
    }
}
