package dev.vibrissa.migrations.testing;

import dev.vibrissa.migrations.Database;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A database with our schema and no rows, for one test class:
 *
 * <pre>{@code
 * @AutoClose
 * static final TestDatabase DATABASE = TestDatabase.migrated();
 * }</pre>
 *
 * <p>It lives in an embedded PostgreSQL that all tests of the JVM share, or in the server of {@code
 * VIBRISSA_TEST_DB_URL} (with {@code VIBRISSA_TEST_DB_USER} and {@code VIBRISSA_TEST_DB_PASSWORD}), where the user must
 * be allowed to create databases.
 */
public final class TestDatabase implements AutoCloseable {
    private final Database database;
    private final String name;

    private TestDatabase(String name) {
        this.name = name;
        this.database = TestServer.get().database(name);
    }

    /** A new database with the schema of this program. */
    public static TestDatabase migrated() {
        TestServer server = TestServer.get();
        return new TestDatabase(server.create(server.template()));
    }

    /** A new database with nothing in it. */
    public static TestDatabase empty() {
        return new TestDatabase(TestServer.get().create("template0"));
    }

    public Database database() {
        return database;
    }

    /** Opens a new connection, which the caller closes. */
    public Connection connect() throws SQLException {
        return database.connect();
    }

    /** Drops the database, ending connections left open. */
    @Override
    public void close() {
        TestServer.get().drop(name);
    }
}
