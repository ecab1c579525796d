package dev.vibrissa.migrations;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** A PostgreSQL cluster on disk, and how it is made, served and stopped. */
record Cluster(DataDirectory directory, EmbeddedPostgresConfig config, ServerAccount account, Path binaries) {
    static final String USER = "vibrissa";
    private static final String HALF = "cluster.half-";

    private static final Logger LOG = Logger.getLogger(Cluster.class);
    private static final Duration SIGNALLING = Duration.ofSeconds(10);

    /**
     * Makes the files. Locale C, so that text is ordered by its bytes, here as in Java and on every machine.
     *
     * @throws PostgresUnavailableException if initdb fails, with the end of what it said
     */
    void initialise() throws IOException {
        // A new name each time: the initdb of a start that was killed may still be clearing its own away.
        Path half = directory.root().resolve(HALF + UUID.randomUUID());
        Process initdb = run(List.of(
                program("initdb"),
                "--pgdata=" + half,
                "--username=" + USER,
                "--pwfile=" + directory.passwordFile(),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--data-checksums",
                "--no-instructions"));
        if (!hasEnded(initdb, config.startDeadline())) {
            initdb.destroyForcibly();
            throw failed("was not initialised within " + config.startDeadline().toSeconds() + " s");
        }
        if (initdb.exitValue() != 0) {
            FileTree.delete(half);
            throw failed("could not be initialised");
        }
        // initdb has synced all below; the new name must last too, or a power cut would hide what is committed later.
        Files.move(half, directory.cluster(), StandardCopyOption.ATOMIC_MOVE);
        FileTree.syncOne(directory.root());
        Files.writeString(directory.startLog(), ""); // it went well: leave room for what the server says
    }

    /**
     * Starts the server; it does not answer yet. The durability settings are deliberately not among these: given here
     * they would hide one that was turned off in the files, and that one is to be found and removed.
     */
    Process serve(int port) throws IOException {
        List<String> settings = List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "max_connections=" + config.maxConnections(),
                "shared_buffers=" + config.sharedBuffersMebibytes() + "MB",
                "max_wal_size=" + config.maxWalMebibytes() + "MB",
                "checkpoint_timeout=15min",
                "maintenance_work_mem=128MB",
                "random_page_cost=1.1", // solid-state disks
                "jit=off", // our queries are short
                "timezone=UTC",
                "log_timezone=UTC",
                "logging_collector=on",
                "log_directory=" + directory.logs(),
                "log_filename=postgres-%a.log", // a week of days, each overwriting the one of last week
                "log_rotation_age=1d",
                "log_rotation_size=0",
                "log_truncate_on_rotation=on",
                "log_line_prefix=%m [%p] ");
        return run(Stream.concat(
                        Stream.of(program("postgres"), "-D", directory.cluster().toString()),
                        settings.stream().flatMap(setting -> Stream.of("-c", setting)))
                .toList());
    }

    /** Stops a server started here: in order if it can, by force if it must; returns when it has gone. */
    void stop(Process server) {
        if (signal(server, "INT", config.stopDeadline())) {
            return;
        }
        LOG.warnf(
                "postgres pid=%d did not stop within %d s, ending it",
                server.pid(), config.stopDeadline().toSeconds());
        if (!signal(server, "QUIT", SIGNALLING)) {
            server.destroyForcibly().onExit().join();
        }
    }

    /**
     * INT is PostgreSQL's fast shutdown, QUIT its immediate one. Java can only send TERM, which waits for clients to
     * leave, and as root we may have to be the server's account to reach it; so pg_ctl does it.
     */
    private boolean signal(Process server, String signal, Duration patience) {
        if (!server.isAlive()) {
            return true;
        }
        try {
            hasEnded(run(List.of(program("pg_ctl"), "kill", signal, Long.toString(server.pid()))), SIGNALLING);
        } catch (IOException e) {
            LOG.warnf("postgres pid=%d cannot be told to stop: %s", server.pid(), e.getMessage());
            return false;
        }
        return hasEnded(server, patience);
    }

    /** Uninterruptible on purpose: an interrupted caller must still not leave a server behind; the time is bounded. */
    private static boolean hasEnded(Process process, Duration patience) {
        process.onExit()
                .completeOnTimeout(process, patience.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        return !process.isAlive();
    }

    /** The exception to throw about this cluster, with the end of its logs. */
    PostgresUnavailableException failed(String what) {
        return new PostgresUnavailableException(
                "The database in %s %s.%s".formatted(directory.root(), what, directory.tailOfLogs()));
    }

    /** Removes what starts that were killed have left; what resists is for the next time. */
    void removeHalves() {
        try (var halves = Files.newDirectoryStream(directory.root(), HALF + "*")) {
            for (Path half : halves) {
                FileTree.delete(half);
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debugf("left-over of initdb: %s", e.getMessage());
        }
    }

    private Process run(List<String> command) throws IOException {
        return ServerProcess.start(account.command(command), directory.root(), directory.startLog());
    }

    private String program(String name) {
        return binaries.resolve("bin").resolve(name).toString();
    }
}
