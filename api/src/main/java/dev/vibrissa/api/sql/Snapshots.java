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
 * <p>Facts are seen through the views of the schema {@code answered}: only as far back as the projections were folded. Sessions
 * have it in their search path from the start: one that changes makes the driver prepare every statement anew.
 * The watermarks are held, shared, before the first look: projections that were folded again take the place of others
 * between two snapshots, never within one.
 */
@ApplicationScoped
public class Snapshots {
    private static final String BEGIN = """
            set transaction isolation level repeatable read, read only;
            %s;
            %s
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
        return read("", reading);
    }

    /**
     * The same for what is found by keys: PostgreSQL keeps the plans, which are the same for every key and take longer to make than
     * to follow. Left to itself it makes them anew, for it expects ten of each list of keys and thinks that dear.
     */
    public <T> T readByKey(Function<Snapshot, T> reading) {
        return read("set local plan_cache_mode = force_generic_plan;", reading);
    }

    private <T> T read(String setting, Function<Snapshot, T> reading) {
        var allowance = new Allowance(mostOfStatement, deadlines.ofThisRequest());
        try {
            return connections.lend(allowance, connection -> {
                connection.setAutoCommit(false);
                try (var statement = connection.createStatement()) {
                    statement.execute(BEGIN.formatted(allowance.command(), setting));
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
