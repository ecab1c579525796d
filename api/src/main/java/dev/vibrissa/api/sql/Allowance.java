package dev.vibrissa.api.sql;

import dev.vibrissa.api.deadline.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * How long the statements of one transaction may take: each as long as a statement may, together as long as is left to
 * the request. PostgreSQL keeps the time, by {@code statement_timeout}.
 */
final class Allowance {
    /** PostgreSQL is told again only when that makes so much of a difference: most requests take less than that in all. */
    private static final long SLACK_MILLIS = 100;

    private final long statementMillis;
    private final Optional<Deadline> deadline;
    private long toldMillis;

    Allowance(Duration statement, Optional<Deadline> deadline) {
        this.statementMillis = statement.toMillis();
        this.deadline = deadline;
        this.toldMillis = Long.MAX_VALUE;
    }

    /**
     * What the next wait may take, at least 1 ms.
     *
     * @throws QueryFailedException if nothing is left
     */
    long millis() {
        long left = deadline.map(Deadline::remainingMillis).orElse(statementMillis);
        if (left <= 0) {
            throw QueryFailedException.tooLate(reason());
        }
        return Math.min(left, statementMillis);
    }

    /** The command that tells PostgreSQL. */
    String command() {
        toldMillis = millis();
        return "set local statement_timeout = " + toldMillis;
    }

    /** Before a statement: PostgreSQL is told, where it would wait too long. */
    void renew(Connection connection) throws SQLException {
        if (millis() < toldMillis - SLACK_MILLIS) {
            try (var statement = connection.createStatement()) {
                statement.execute(command());
            }
        }
    }

    /** Why a statement was stopped, with the numbers. */
    String reason() {
        return deadline.map(given -> "the request has %d ms, of which %d ms are over; one statement has at most %d ms"
                        .formatted(given.allowed().toMillis(), given.elapsedMillis(), statementMillis))
                .orElseGet(() -> "one statement has at most %d ms".formatted(statementMillis));
    }
}
