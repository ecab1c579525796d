package dev.vibrissa.server.cli;

import dev.vibrissa.migrations.Database;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL whose data lie on a file system of their own, which can be filled up: a tmpfs in a mount namespace that only
 * the server sees. The write-ahead log lies elsewhere; without room for that PostgreSQL stops altogether, which another test
 * covers.
 */
final class SmallDisk implements AutoCloseable {
    private static final int MEBIBYTES = 96;

    /** In a namespace of mounts, then as nobody in one of users: PostgreSQL refuses to be root. */
    private static final String SCRIPT = """
            mount -t tmpfs -o size=%1$dm tmpfs %2$s/small &&
            unshare -U %3$s/initdb --pgdata=%2$s/small/data --waldir=%2$s/wal --username=test --auth=trust --no-sync --locale=C &&
            exec unshare -U setpriv --pdeathsig INT %3$s/postgres -D %2$s/small/data -c port=%4$d \
              -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=16MB
            """;

    private final Process server;
    private final int port;
    private final Path ballast;

    private SmallDisk(Process server, int port, Path ballast) {
        this.server = server;
        this.port = port;
        this.ballast = ballast;
    }

    /** Skips the test where namespaces are forbidden. */
    static SmallDisk start(Path folder) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                new ProcessBuilder("unshare", "-m", "sh", "-c", "mount -t tmpfs tmpfs /mnt && unshare -U true")
                                .redirectErrorStream(true)
                                .start()
                                .waitFor()
                        == 0,
                "no mounts in a namespace of one's own here (unshare -m, as root)");
        Files.createDirectories(folder.resolve("small"));
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path log = folder.resolve("small.log");
        var server = new ProcessBuilder(
                        "unshare", "-m", "sh", "-c", SCRIPT.formatted(MEBIBYTES, folder, binaries(), port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        // The file system as the server sees it.
        var disk =
                new SmallDisk(server, port, Path.of("/proc/%d/root%s/small/ballast".formatted(server.pid(), folder)));
        while (true) {
            if (!server.isAlive()) {
                throw new IllegalStateException(Files.readString(log));
            }
            try (var _ = disk.database().connect()) {
                return disk;
            } catch (SQLException _) {
                LockSupport.parkNanos(50_000_000); // it is starting
            }
        }
    }

    /** Those that the embedded PostgreSQL has unpacked. */
    private static Path binaries() throws IOException {
        Path cache = Path.of("/var/cache/vibrissa");
        try (Stream<Path> all = Files.walk(cache, 4)) {
            return all.filter(path -> path.endsWith("bin/postgres"))
                    .map(Path::getParent)
                    .findFirst()
                    .orElseThrow();
        }
    }

    Database database() {
        return new Database("jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port), "test", "");
    }

    /** Leaves no byte. */
    void fill() throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw full;
            }
        }
    }

    void free() throws IOException {
        Files.delete(ballast);
    }

    @Override
    public void close() throws InterruptedException {
        server.destroy();
        if (!server.waitFor(10, TimeUnit.SECONDS)) {
            server.destroyForcibly();
        }
    }
}
