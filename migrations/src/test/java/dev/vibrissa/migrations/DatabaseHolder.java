package dev.vibrissa.migrations;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A process that holds an embedded database until it is killed: commits rows, leaves a transaction open, says {@code
 * ready PID} of the server, or {@code refused REASON}, and waits for the end of its input.
 */
final class DatabaseHolder {
    static final int ROWS = 1000;

    private DatabaseHolder() {}

    public static void main(String[] args) throws Exception {
        var config = EmbeddedPostgresConfig.defaults()
                .withCacheDirectory(Path.of(args[1]))
                .withDeadlines(Duration.ofSeconds(60), Duration.ofSeconds(30));
        try (var postgres = EmbeddedPostgres.start(Path.of(args[0]), config);
                var connection = postgres.database().connect();
                var statement = connection.createStatement()) {
            statement.execute("create table if not exists kept (n integer)");
            connection.setAutoCommit(false);
            statement.execute("truncate kept");
            statement.execute("insert into kept select generate_series(1, %d)".formatted(ROWS));
            connection.commit();
            statement.execute("insert into kept select generate_series(1, 50000)"); // never committed
            System.out.println("ready " + postgres.pid());
            while (System.in.read() >= 0) {
                // nothing to read: only the end matters
            }
            connection.rollback();
        } catch (PostgresUnavailableException e) {
            System.out.println("refused " + e.toString().replace('\n', ' '));
        }
    }
}
