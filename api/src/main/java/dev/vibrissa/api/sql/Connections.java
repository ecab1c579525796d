package dev.vibrissa.api.sql;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Hands out connections in turn. The pool alone would make everybody wait equally long, whatever is left to a request. */
@ApplicationScoped
class Connections {
    private static final long MOST_WAITING_MILLIS = 5_000;

    private final DataSource dataSource;
    private final int size;
    private final Semaphore free;

    Connections(
            DataSource dataSource,
            @ConfigProperty(name = "quarkus.datasource.jdbc.max-size", defaultValue = "50") int size) {
        this.dataSource = dataSource;
        this.size = size;
        this.free = new Semaphore(size, true);
    }

    /** What is done with a connection. */
    @FunctionalInterface
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /**
     * @throws DatabaseUnavailableException if no connection can be had in time
     * @throws SQLException what {@code work} throws, and what closing does
     */
    <T> T lend(Allowance allowance, Work<T> work) throws SQLException {
        long most = Math.min(MOST_WAITING_MILLIS, allowance.millis());
        take(most);
        try (Connection connection = connect()) {
            return work.with(connection);
        } finally {
            free.release();
        }
    }

    private void take(long mostMillis) {
        try {
            if (free.tryAcquire(mostMillis, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new DatabaseUnavailableException(
                new SQLTimeoutException("all %d connections were in use for %d ms".formatted(size, mostMillis)));
    }

    private Connection connect() {
        try {
            return dataSource.getConnection();
        } catch (SQLException e) {
            throw new DatabaseUnavailableException(e);
        }
    }
}
