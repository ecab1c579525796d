package dev.vibrissa.server.backup;

import dev.vibrissa.migrations.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;

/** A PostgreSQL 15 as Debian packages it, with the tools that the embedded one lacks. */
final class DebianPostgres implements AutoCloseable {
    private static final Path BINARIES = Path.of("/usr/lib/postgresql/15/bin");

    private final Process server;
    private final int port;

    private DebianPostgres(Process server, int port) {
        this.server = server;
        this.port = port;
    }

    /** Skips the test where it is not installed. */
    static DebianPostgres start(Path folder) throws IOException, InterruptedException, SQLException {
        for (String program : List.of("initdb", "postgres", "pg_dump", "pg_restore")) {
            Assumptions.assumeTrue(
                    Files.isExecutable(BINARIES.resolve(program)),
                    "no %s of Debian's package postgresql-15 here".formatted(BINARIES.resolve(program)));
        }
        Path data = folder.resolve("debian");
        Path log = folder.resolve("debian.log");
        run(log, "initdb", "--pgdata=" + data, "--username=postgres", "--auth=trust", "--no-sync", "--locale=C");
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var server = new ProcessBuilder(command(
                        "postgres",
                        "-D",
                        "" + data,
                        "-c",
                        "port=" + port,
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories="))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        var postgres = new DebianPostgres(server, port);
        for (boolean answers = false; !answers; ) {
            if (!server.isAlive()) {
                throw new IllegalStateException(Files.readString(log));
            }
            try (var _ = postgres.database("postgres").connect()) {
                answers = true;
            } catch (SQLException _) {
                LockSupport.parkNanos(50_000_000); // it is starting
            }
        }
        return postgres;
    }

    Database database(String name) {
        return new Database("jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, name), "postgres", "");
    }

    Database create(String name) throws SQLException {
        try (var db = database("postgres").connect();
                var statement = db.createStatement()) {
            statement.execute("create database " + name);
        }
        return database(name);
    }

    /** Runs a client program against it. */
    void client(Path log, String program, String... arguments) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of("--host=127.0.0.1", "--port=" + port, "--username=postgres"));
        all.addAll(List.of(arguments));
        run(log, program, all.toArray(String[]::new));
    }

    /** PostgreSQL refuses to be root: in a user namespace it is nobody. */
    private static List<String> command(String program, String... arguments) {
        var all = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            all.addAll(List.of("unshare", "-U"));
        }
        all.addAll(List.of("setpriv", "--pdeathsig", "INT", "" + BINARIES.resolve(program)));
        all.addAll(List.of(arguments));
        return all;
    }

    private static void run(Path log, String program, String... arguments) throws IOException, InterruptedException {
        int code = new ProcessBuilder(command(program, arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("%s ended with %d: %s".formatted(program, code, Files.readString(log)));
        }
    }

    @Override
    public void close() {
        server.destroy();
        server.onExit().join();
    }
}
