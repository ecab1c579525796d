package dev.vibrissa.api.sql;

import dev.vibrissa.api.ApiConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Opens read-only snapshots of the database.
 *
 * <p>Facts are seen through the views of the schema {@code answered}: only as far back as the projections were folded. Sessions
 * have it in their search path from the start: one that changes makes the driver prepare every statement anew.
 * The watermarks are held, shared, before the first look: projections that were folded again take the place of others
 * between two snapshots, never within one.
 */
@ApplicationScoped
public class Snapshots {
    private final DataSource dataSource;
    private final String begin;

    Snapshots(DataSource dataSource, ApiConfig config) {
        this.dataSource = dataSource;
        this.begin = """
                set transaction isolation level repeatable read, read only;
                set local statement_timeout = %d;
                lock table public.watermark in access share mode
                """.formatted(config.statementTimeout().toMillis());
    }

    /**
     * Reads within one transaction, so that all of an answer comes from one state of the database.
     *
     * @throws DatabaseUnavailableException if no connection can be had
     * @throws QueryFailedException if a statement fails or takes too long
     */
    public <T> T read(Function<Snapshot, T> reading) {
        return read(begin, reading);
    }

    /**
     * The same for what is found by keys: after some times PostgreSQL keeps the plans, which are the same for every key and take
     * longer to make than to follow.
     */
    public <T> T readByKey(Function<Snapshot, T> reading) {
        return read(begin + "; set local plan_cache_mode = auto", reading);
    }

    private <T> T read(String first, Function<Snapshot, T> reading) {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute(first);
            }
            try {
                return reading.apply(new Snapshot(connection));
            } finally {
                connection.rollback(); // nothing was written
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
