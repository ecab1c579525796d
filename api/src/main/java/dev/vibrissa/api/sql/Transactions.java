package dev.vibrissa.api.sql;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** What the API may change, each in one transaction of its own. */
@ApplicationScoped
public class Transactions {
    private final DataSource dataSource;

    Transactions(DataSource dataSource) {
        this.dataSource = dataSource;
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
     * @throws QueryFailedException if a statement fails
     */
    public <T> T run(Work<T> work) {
        try (Connection db = connect()) {
            db.setAutoCommit(false);
            boolean done = false;
            try {
                T outcome = work.with(db);
                db.commit();
                done = true;
                return outcome;
            } finally {
                if (!done) {
                    db.rollback();
                }
            }
        } catch (SQLException e) {
            throw new QueryFailedException(e);
        }
    }

    private Connection connect() {
        try {
            return dataSource.getConnection();
        } catch (SQLException e) {
            throw new DatabaseUnavailableException(e);
        }
    }
}
