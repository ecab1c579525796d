package dev.vibrissa.api.sql;

import dev.vibrissa.api.ApiConfig;
import dev.vibrissa.api.deadline.Deadlines;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;

/**
 * Opens read-only snapshots of the database.
 *
 * <p>Facts are seen through the views of the schema {@code answered}: only as far back as the projections were folded.
 * The watermarks are held, shared, before the first look: projections that were folded again take the place of others
 * between two snapshots, never within one.
 */
@ApplicationScoped
public class Snapshots {
    private static final String BEGIN = """
            set transaction isolation level repeatable read, read only;
            %s;
            set local search_path = answered, public;
            lock table public.watermark in access share mode
            """;

    private final Connections connections;
    private final Deadlines deadlines;
    private final Duration mostOfStatement;

    Snapshots(Connections connections, Deadlines deadlines, ApiConfig config) {
        this.connections = connections;
        this.deadlines = deadlines;
        this.mostOfStatement = config.statementTimeout();
    }

    /**
     * Reads within one transaction, so that all of an answer comes from one state of the database.
     *
     * @throws DatabaseUnavailableException if no connection can be had
     * @throws QueryFailedException if a statement fails or takes too long
     */
    public <T> T read(Function<Snapshot, T> reading) {
        var allowance = new Allowance(mostOfStatement, deadlines.ofThisRequest());
        try {
            return connections.lend(allowance, connection -> {
                connection.setAutoCommit(false);
                try (var statement = connection.createStatement()) {
                    statement.execute(BEGIN.formatted(allowance.command()));
                }
                try {
                    return reading.apply(new Snapshot(connection, allowance));
                } finally {
                    connection.rollback(); // nothing was written
                }
            });
        } catch (SQLException e) {
            throw new QueryFailedException(e, allowance);
        }
    }
}
