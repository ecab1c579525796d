package dev.vibrissa.migrations;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * A PostgreSQL of our own over one data directory, kept across restarts. What was committed stays committed: it runs
 * with fsync, synchronous commit and full page writes on; that is asked of the running server, and with one of them off
 * it is stopped again.
 *
 * <p>It listens on 127.0.0.1 alone, behind a password made up for this directory. There is no Unix socket: JDBC cannot
 * use one, data directories exceed its limit of 107 bytes, and every user of the machine could knock on it.
 *
 * <p>When the JVM ends, even by kill -9, the server shuts down cleanly by itself; {@link #close} does the same and waits.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EmbeddedPostgres.class);
    private static final String DATABASE = "vibrissa";

    /**
     * Another program may take the free port between our finding it and PostgreSQL's binding it; and the server of a JVM
     * killed a moment ago may have been too young to be seen.
     */
    private static final int ATTEMPTS = 5;

    /** For what a server that has ended still has to say: its logger writes on after it. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final Process server;
    private final int port;
    private final Database database;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedPostgres(Cluster cluster, Process server, int port, String password) {
        this.cluster = cluster;
        this.server = server;
        this.port = port;
        this.database = new Database(url(port, DATABASE), Cluster.USER, password);
    }

    /**
     * Starts the database of a directory, creating it if there is none, and returns once it answers queries.
     *
     * @param dataDirectory belongs to this database alone; where user namespaces are forbidden, root gives it to uid
     *     65534, which must be able to reach it
     * @throws PostgresUnavailableException if it cannot run: another process holds the directory, this is no Linux on
     *     x86-64, a durability setting is off, the disk is full, a deadline passed, or the thread was interrupted
     *     (which it stays); nothing is left running
     */
    public static EmbeddedPostgres start(Path dataDirectory, EmbeddedPostgresConfig config) {
        ServerAccount.requireLinux(System.getProperty("os.name"), System.getProperty("os.arch"));
        try {
            DataDirectory directory = DataDirectory.hold(dataDirectory);
            boolean started = false;
            try {
                EmbeddedPostgres postgres = start(directory, config);
                started = true;
                return postgres;
            } finally {
                if (!started) {
                    directory.close();
                }
            }
        } catch (IOException | SQLException e) {
            throw new PostgresUnavailableException(
                    "The database in %s cannot be started: %s".formatted(dataDirectory, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresUnavailableException(
                    "Interrupted while the database in %s was starting".formatted(dataDirectory), e);
        }
    }

    /**
     * The database that another process runs in a directory at the moment; empty if none does.
     *
     * @see "PostgreSQL, src/include/utils/pidfile.h: line 1 the pid, line 4 the port, line 8 the status"
     */
    public static Optional<Database> running(Path dataDirectory) throws IOException {
        Path pidFile = dataDirectory.resolve("cluster").resolve("postmaster.pid");
        Path password = dataDirectory.resolve("password");
        if (!Files.isRegularFile(pidFile) || !Files.isRegularFile(password)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.size() < 8
                || !lines.get(7).strip().equals("ready")
                || ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).isEmpty()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(lines.get(3).strip());
        return Optional.of(new Database(
                url(port, DATABASE), Cluster.USER, Files.readString(password).strip()));
    }

    private static EmbeddedPostgres start(DataDirectory directory, EmbeddedPostgresConfig config)
            throws IOException, SQLException, InterruptedException {
        directory.awaitNoServer(config.stopDeadline());
        String password = directory.password();
        Path binaries = PostgresBinaries.unpackedIn(config.cacheDirectory());
        ServerAccount account = ServerAccount.fitting(directory.root());
        Files.deleteIfExists(directory.startLog());
        Files.createFile(directory.startLog());
        for (Path ours : List.of(directory.lockFile(), directory.passwordFile(), directory.startLog())) {
            account.own(ours);
        }
        var cluster = new Cluster(directory, config, account, binaries);
        if (!directory.hasCluster()) {
            cluster.initialise();
        }
        EmbeddedPostgres postgres = serve(cluster, password);
        cluster.removeHalves();
        return postgres;
    }

    /** Starts the server of an initialised cluster and returns once it answers and has been found durable. */
    static EmbeddedPostgres serve(Cluster cluster, String password)
            throws IOException, SQLException, InterruptedException {
        long begin = System.nanoTime();
        int wanted = cluster.config().port();
        for (int attempt = 1; ; attempt++) {
            int port = wanted == 0 ? freePort() : wanted;
            Process server = cluster.serve(port);
            var maintenance =
                    new Database(url(port, "postgres") + "?connectTimeout=10&socketTimeout=60", Cluster.USER, password);
            boolean ready = false;
            try {
                if (answers(maintenance, cluster, server)) {
                    requireDurability(maintenance, cluster);
                    createDatabase(maintenance);
                    ready = true;
                    LOG.infof(
                            "postgres started port=%d pid=%d millis=%d",
                            port, server.pid(), (System.nanoTime() - begin) / 1_000_000);
                    return new EmbeddedPostgres(cluster, server, port, password);
                }
            } finally {
                if (!ready) {
                    cluster.stop(server);
                }
            }
            boolean obstacleGone =
                    cluster.directory().awaitNoServer(cluster.config().stopDeadline())
                            || (wanted == 0 && isTaken(port));
            if (!obstacleGone || attempt == ATTEMPTS) {
                Deadline.after(LAST_WORDS).await(() -> cluster.directory().isLogComplete(server.pid()));
                throw cluster.failed("ended with exit code %d while starting".formatted(server.exitValue()));
            }
        }
    }

    /** Waits for an answered query: an open port is too early, while the server still recovers. False if it ended. */
    private static boolean answers(Database database, Cluster cluster, Process server) throws InterruptedException {
        Deadline deadline = Deadline.after(cluster.config().startDeadline());
        boolean[] answered = new boolean[1];
        boolean inTime = deadline.await(() -> {
            answered[0] =
                    server.isAlive() && cluster.directory().saysReady(server.pid()) && answersNow(database, cluster);
            return answered[0] || !server.isAlive();
        });
        if (!inTime) {
            throw cluster.failed(
                    "did not answer within " + cluster.config().startDeadline().toSeconds() + " s");
        }
        return answered[0];
    }

    private static boolean answersNow(Database database, Cluster cluster) {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            return statement.execute("select 1");
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith("28")) {
                throw cluster.failed(
                        "does not accept the password in " + cluster.directory().passwordFile());
            }
            return false; // 57P03 while it starts up; else it will end or the deadline will come
        }
    }

    private static void requireDurability(Database database, Cluster cluster) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var settings = statement.executeQuery("""
                        select name, setting, coalesce(sourcefile, source) from pg_settings
                        where name in ('fsync', 'synchronous_commit', 'full_page_writes')
                        """)) {
            int on = 0;
            while (settings.next()) {
                if (!settings.getString(2).equals("on")) {
                    throw new PostgresUnavailableException(
                            "The database in %s runs with %s = %s (set by: %s), so a power cut could lose what it has confirmed; set it to on and start again"
                                    .formatted(
                                            cluster.directory().root(),
                                            settings.getString(1),
                                            settings.getString(2),
                                            settings.getString(3)));
                }
                on++;
            }
            if (on != 3) {
                throw new PostgresUnavailableException("PostgreSQL told %d of 3 durability settings".formatted(on));
            }
        }
    }

    private static void createDatabase(Database maintenance) throws SQLException {
        try (var connection = maintenance.connect();
                var statement = connection.createStatement()) {
            boolean exists;
            try (var found =
                    statement.executeQuery("select from pg_database where datname = '%s'".formatted(DATABASE))) {
                exists = found.next();
            }
            if (!exists) {
                statement.execute("create database " + DATABASE);
            }
        }
    }

    /** How to reach it; the user owns everything there. */
    public Database database() {
        return database;
    }

    public String jdbcUrl() {
        return database.jdbcUrl();
    }

    public String user() {
        return database.user();
    }

    public String password() {
        return database.password();
    }

    /** TCP port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Process id of the server. */
    public long pid() {
        return server.pid();
    }

    /** False once closed, or if the server ended against our will. */
    public boolean isAlive() {
        return server.isAlive();
    }

    /** Shuts the server down, ending its connections, waits until it has gone and frees the directory. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            cluster.stop(server);
            cluster.directory().close();
            LOG.infof("postgres stopped port=%d pid=%d", port, server.pid());
        }
    }

    private static String url(int port, String name) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, name);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, loopback())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isTaken(int port) throws IOException {
        try (var _ = new ServerSocket(port, 1, loopback())) {
            return false;
        } catch (BindException e) {
            return true;
        }
    }

    /** Said in bytes: the JDK's own loopback address may be the one of IPv6. */
    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }
}
