package dev.vibrissa.api.sql;

import dev.vibrissa.api.ApiConfig;
import dev.vibrissa.api.deadline.Deadlines;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** What the API may change, each in one transaction of its own. */
@ApplicationScoped
public class Transactions {
    private final Connections connections;
    private final Deadlines deadlines;
    private final Duration mostOfStatement;

    Transactions(Connections connections, Deadlines deadlines, ApiConfig config) {
        this.connections = connections;
        this.deadlines = deadlines;
        this.mostOfStatement = config.statementTimeout();
    }

    /** Changes something and says what came of it. */
    @FunctionalInterface
    public interface Work<T> {
        T with(Connection db) throws SQLException;
    }

    /**
     * Commits what {@code work} did, unless it throws.
     *
     * @throws DatabaseUnavailableException if no connection can be had
     * @throws QueryFailedException if a statement fails or takes too long
     */
    public <T> T run(Work<T> work) {
        var allowance = new Allowance(mostOfStatement, deadlines.ofThisRequest());
        try {
            return connections.lend(allowance, db -> commit(db, allowance, work));
        } catch (SQLException e) {
            throw new QueryFailedException(e, allowance);
        }
    }

    private static <T> T commit(Connection db, Allowance allowance, Work<T> work) throws SQLException {
        db.setAutoCommit(false);
        boolean done = false;
        try {
            try (var statement = db.createStatement()) {
                statement.execute(allowance.command());
            }
            T outcome = work.with(db);
            db.commit();
            done = true;
            return outcome;
        } finally {
            if (!done) {
                db.rollback();
            }
        }
    }
}
