package dev.vibrissa.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who runs the server: the user, or for root somebody who is not. */
@Timeout(180)
class EmbeddedPostgresAccountTest {
    private static final int NOBODY = 65_534;
    private static final EmbeddedPostgresConfig CONFIG =
            EmbeddedPostgresConfig.defaults().withDeadlines(Duration.ofSeconds(60), Duration.ofSeconds(30));

    @TempDir
    private Path folder;

    @Test
    void isTheOwnerOfTheFiles() throws Exception {
        try (var postgres = EmbeddedPostgres.start(folder.resolve("db"), CONFIG)) {
            assertThat(uid(folder.resolve("db/cluster/PG_VERSION"))).isEqualTo(uid(folder.resolve("db")));
            assertThat(EmbeddedPostgresTest.ask(postgres, "select 1")).containsExactly("1");
        }
    }

    @Test
    void isAnOrdinaryUserWhoRunsItAndThenRootForHim() throws Exception {
        assumeRoot();
        Path data = openToAll("theirs");
        Path cache = openToAll("cache");
        try (var child = ChildJvm.holdingAs(NOBODY, folder.resolve("classes"), data, cache)) {
            ProcessHandle server = child.server();
            assertThat(uid(Path.of("/proc", Long.toString(server.pid())))).isEqualTo(NOBODY);
            child.kill();
            server.onExit().get(30, TimeUnit.SECONDS);
        }
        try (var postgres = EmbeddedPostgres.start(data, CONFIG.withCacheDirectory(cache))) {
            assertThat(EmbeddedPostgresTest.ask(postgres, "select count(*) from kept"))
                    .containsExactly(Integer.toString(DatabaseHolder.ROWS));
            assertThat(uid(Path.of("/proc", Long.toString(postgres.pid())))).isEqualTo(NOBODY);
        }
        // Root must leave nothing behind that shuts the user out.
        try (var child = ChildJvm.holdingAs(NOBODY, folder.resolve("classes2"), data, cache)) {
            ProcessHandle server = child.server();
            child.release();
            server.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void isNobodyWhereRootMayNotMakeNamespaces() throws Exception {
        assumeRoot();
        Path root = openToAll("ours");
        try (var directory = DataDirectory.hold(root.resolve("db"))) {
            String password = directory.password();
            FileTree.giveTo(NOBODY, NOBODY, directory.root());
            var cluster = new Cluster(
                    directory,
                    CONFIG,
                    ServerAccount.asAnother(NOBODY, NOBODY),
                    PostgresBinaries.unpackedIn(openToAll("cache")));
            Files.createFile(directory.startLog());
            cluster.initialise();
            try (var postgres = EmbeddedPostgres.serve(cluster, password)) {
                assertThat(uid(Path.of("/proc", Long.toString(postgres.pid())))).isEqualTo(NOBODY);
                assertThat(uid(root.resolve("db/cluster/PG_VERSION"))).isEqualTo(NOBODY);
            }
        }
        // The owner stays, now that there is one.
        EmbeddedPostgres.start(root.resolve("db"), CONFIG.withCacheDirectory(folder.resolve("cache")))
                .close();
        assertThat(uid(root.resolve("db"))).isEqualTo(NOBODY);
    }

    private static void assumeRoot() throws IOException {
        assumeTrue(uid(Path.of("/proc/self")) == 0, "only root can run as somebody else");
    }

    private Path openToAll(String name) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path path = Files.createDirectories(folder.resolve(name));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        FileTree.giveTo(NOBODY, NOBODY, path);
        return path;
    }

    private static int uid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }
}
