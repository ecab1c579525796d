package dev.vibrissa.migrations.testing;

import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.EmbeddedPostgres;
import dev.vibrissa.migrations.EmbeddedPostgresConfig;
import dev.vibrissa.migrations.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL that all tests of this JVM share. */
final class TestServer {
    /** Files that are kept in memory, on Linux. */
    private static final Path MEMORY = Path.of("/dev/shm");

    /** Write-ahead log and all, with tests of other modules beside. */
    private static final long ROOM = 8L << 30;

    /** Databases of tests are small, and whoever drops one looks through all buffers for its pages. */
    private static final EmbeddedPostgresConfig CONFIG =
            EmbeddedPostgresConfig.defaults().withMemory(32, 2048);

    private static @Nullable TestServer theOnly;

    private final Database maintenance;
    private final String kind;
    /** Keeps apart the databases of several JVMs on one server. */
    private final String prefix = "vibrissa_test_"
            + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());

    private final AtomicInteger created = new AtomicInteger();
    private @Nullable String template;

    private TestServer(Database maintenance, String kind) {
        this.maintenance = maintenance;
        this.kind = kind;
    }

    /** Embedded, container or configured. */
    String kind() {
        return kind;
    }

    static synchronized TestServer get() {
        TestServer server = theOnly;
        if (server == null) {
            server = configured(System.getenv()).or(TestServer::contained).orElseGet(TestServer::embedded);
            theOnly = server;
            server.tellWhich();
        }
        return server;
    }

    private static Optional<TestServer> configured(Map<String, String> env) {
        return Optional.ofNullable(env.get("VIBRISSA_TEST_DB_URL"))
                .map(url -> new TestServer(
                        new Database(
                                url,
                                env.getOrDefault("VIBRISSA_TEST_DB_USER", ""),
                                env.getOrDefault("VIBRISSA_TEST_DB_PASSWORD", "")),
                        "configured"))
                .map(server -> {
                    // Another's server keeps what we leave behind.
                    Runtime.getRuntime().addShutdownHook(new Thread(server::dropTemplate));
                    return server;
                });
    }

    /** With the profile {@code containers}, if an engine answers. */
    private static Optional<TestServer> contained() {
        return Boolean.getBoolean("vibrissa.test.containers")
                ? ContainedServer.start(System.getenv()).map(database -> new TestServer(database, "container"))
                : Optional.empty();
    }

    /** A line for the summary of the run, which names what the tests ran on. */
    private void tellWhich() {
        String root = System.getProperty("vibrissa.root");
        if (root == null) {
            return; // run by hand
        }
        try (var connection = maintenance.connect()) {
            String version = connection.getMetaData().getDatabaseProductVersion();
            Path file = Files.createDirectories(Path.of(root, "target")).resolve("test-servers");
            Files.writeString(
                    file,
                    "%s PostgreSQL %s\n".formatted(kind, version),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("the server of the tests", e);
        }
    }

    private static TestServer embedded() {
        try {
            Path directory = directory();
            EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, CONFIG);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                postgres.close();
                deleteAll(directory);
            }));
            var server = new TestServer(postgres.database(), "embedded");
            // No machine loses its power here, and what a test has written is dropped with it.
            server.execute("alter system set fsync = off");
            server.execute("alter system set full_page_writes = off");
            server.execute("select pg_reload_conf()");
            // A test makes dozens of connections, and stretching the password was a third of its work.
            server.execute("set scram_iterations = 1; alter role %s password '%s'"
                    .formatted(postgres.database().user(), postgres.database().password()));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In memory where there is room: hundreds of small databases that come and go are mostly work for a file system. */
    private static Path directory() throws IOException {
        return Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() >= ROOM
                ? Files.createTempDirectory(MEMORY, "vibrissa-test-")
                : Files.createTempDirectory("vibrissa-test-");
    }

    /** Name of a database with the schema and no rows, migrated at the first call. */
    synchronized String template() {
        String ready = template;
        if (ready == null) {
            ready = create("template0");
            Schema.migrate(database(ready));
            template = ready;
        }
        return ready;
    }

    /** Creates a database as a copy of another, which nobody may be connected to, and returns its name. */
    synchronized String create(String original) {
        String name = prefix + "_" + created.incrementAndGet();
        // Half the work of writing each page of the original to the log.
        execute("create database " + name + " template " + original + " strategy file_copy");
        return name;
    }

    void drop(String name) {
        execute("drop database if exists " + name + " with (force)");
    }

    private synchronized void dropTemplate() {
        if (template != null) {
            drop(template);
        }
    }

    /** A database of this server by its name. */
    Database database(String name) {
        String url = maintenance.jdbcUrl();
        int question = url.indexOf('?');
        String parameters = question < 0 ? "" : url.substring(question);
        String path = question < 0 ? url : url.substring(0, question);
        return new Database(
                path.substring(0, path.lastIndexOf('/') + 1) + name + parameters,
                maintenance.user(),
                maintenance.password());
    }

    private void execute(String sql) {
        try (var connection = maintenance.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + " on " + maintenance, e);
        }
    }

    private static void deleteAll(Path root) {
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("test database left behind in " + root + ": " + e);
        }
    }
}
