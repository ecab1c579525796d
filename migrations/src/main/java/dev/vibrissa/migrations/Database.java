package dev.vibrissa.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * Where a PostgreSQL database is and how to enter it.
 *
 * @param jdbcUrl {@code jdbc:postgresql://host:port/database}, with parameters or without
 * @param user empty when the URL or the server settles it
 * @param password empty when the server asks for none
 */
public record Database(String jdbcUrl, String user, String password) {
    /** A server that vanished without a word must not be waited for forever: no statement of ours takes this long. */
    private static final Duration SILENCE = Duration.ofMinutes(15);

    /** @throws IllegalArgumentException if the URL is not one of PostgreSQL */
    public Database {
        if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException(
                    "a database URL begins with jdbc:postgresql: but this one with " + beginning(jdbcUrl));
        }
    }

    /**
     * The database named by {@code VIBRISSA_DB_URL}, {@code VIBRISSA_DB_USER} and {@code VIBRISSA_DB_PASSWORD}; empty
     * when no URL is set, and then the embedded one is due.
     *
     * @throws IllegalArgumentException if the URL is not one of PostgreSQL
     */
    public static Optional<Database> fromEnvironment(Map<String, String> env) {
        return Optional.ofNullable(env.get("VIBRISSA_DB_URL"))
                .filter(url -> !url.isBlank())
                .map(url -> new Database(
                        url.strip(),
                        env.getOrDefault("VIBRISSA_DB_USER", ""),
                        env.getOrDefault("VIBRISSA_DB_PASSWORD", "")));
    }

    /** Opens a new connection, which the caller closes. */
    public Connection connect() throws SQLException {
        return connect(SILENCE);
    }

    /** The same where the server must answer within {@code silence}, at the login and later, in whole seconds. */
    Connection connect(Duration silence) throws SQLException {
        var properties = new Properties(); // what the URL says wins
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("socketTimeout", Long.toString(silence.toSeconds()));
        // An empty user must stay unsaid: handed over, it would win over the one in the URL.
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
            properties.setProperty("password", password);
        }
        // Not by DriverManager: which drivers it sees depends on the class loader of its first caller in the JVM.
        return Objects.requireNonNull(new Driver().connect(jdbcUrl, properties), "a URL of PostgreSQL");
    }

    /** Without the password, and without URL parameters, which may carry one. */
    @Override
    public String toString() {
        return user.isEmpty() ? withoutParameters() : user + " at " + withoutParameters();
    }

    private String withoutParameters() {
        int question = jdbcUrl.indexOf('?');
        return question < 0 ? jdbcUrl : jdbcUrl.substring(0, question);
    }

    /** Enough to recognise a mistake, too little to print a secret. */
    private static String beginning(String url) {
        return url.substring(0, Math.min(url.length(), 12));
    }
}
