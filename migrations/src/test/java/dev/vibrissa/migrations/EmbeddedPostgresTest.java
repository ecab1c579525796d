package dev.vibrissa.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class EmbeddedPostgresTest {
    private static final EmbeddedPostgresConfig CONFIG =
            EmbeddedPostgresConfig.defaults().withDeadlines(Duration.ofSeconds(60), Duration.ofSeconds(30));

    /** Made once: initdb is most of a start, and most of these tests are not about it. */
    @TempDir
    private static Path made = Path.of("");

    @TempDir
    private Path folder;

    @BeforeAll
    static void make() {
        EmbeddedPostgres.start(made, CONFIG).close();
    }

    /** A directory whose database was made and closed before. */
    private Path closed() throws Exception {
        Path copy = folder.resolve("closed");
        // With owner and permissions, which PostgreSQL looks at.
        assertThat(new ProcessBuilder("cp", "-a", made.toString(), copy.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        return copy;
    }

    @Test
    void runsDurablyOnLoopbackBehindAPassword() throws Exception {
        Path data = folder.resolve("not/yet there/db");
        try (var postgres = EmbeddedPostgres.start(data, CONFIG)) {
            assertThat(postgres.jdbcUrl()).isEqualTo("jdbc:postgresql://127.0.0.1:" + postgres.port() + "/vibrissa");
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes", "data_checksums")) {
                assertThat(ask(postgres, "show " + setting)).as(setting).containsExactly("on");
            }
            assertThat(ask(postgres, "show listen_addresses")).containsExactly("127.0.0.1");
            assertThat(ask(postgres, "show unix_socket_directories")).containsExactly("");
            assertThat(ask(postgres, "show shared_buffers")).containsExactly("256MB");

            Path password = data.resolve("password");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
                    .isEqualTo("rw-------");
            assertThat(Files.readString(password).strip()).isEqualTo(postgres.password());
            assertThat(postgres.database().toString()).doesNotContain(postgres.password());
            assertThatThrownBy(() -> new Database(postgres.jdbcUrl(), postgres.user(), "guess").connect())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void ordersTextByItsBytesAndKeepsAllOfUnicode() throws Exception {
        Path data = closed();
        try (var postgres = EmbeddedPostgres.start(data, CONFIG)) {
            assertThat(ask(postgres, "show server_encoding")).containsExactly("UTF8");
            assertThat(ask(
                            postgres,
                            "select t from (values ('a'), ('B'), ('é'), ('_'), ('🐋'), ('z')) v (t) order by t"))
                    .containsExactly("B", "_", "a", "z", "é", "🐋");
        }
    }

    @Test
    void keepsRowsAndPasswordAcrossARestart() throws Exception {
        Path data = closed();
        String password;
        try (var postgres = EmbeddedPostgres.start(data, CONFIG)) {
            password = postgres.password();
            ask(postgres, "create table kept (n integer)");
            ask(postgres, "insert into kept values (7)");
        }
        try (var postgres = EmbeddedPostgres.start(data, CONFIG)) {
            assertThat(ask(postgres, "select n from kept")).containsExactly("7");
            assertThat(postgres.password()).isEqualTo(password);
        }
        assertThat(serverLog(data)).doesNotContain("not properly shut down");
    }

    @Test
    void endsClosedEvenWithOpenConnections() throws Exception {
        var postgres = EmbeddedPostgres.start(folder, CONFIG);
        ProcessHandle server = ProcessHandle.of(postgres.pid()).orElseThrow();
        try (var _ = postgres.database().connect()) {
            postgres.close();
            postgres.close();
            assertThat(postgres.isAlive()).isFalse();
            assertThat(server.isAlive()).isFalse();
        }
        assertThat(serverLog(folder)).contains("database system is shut down");
    }

    @Test
    void isOutOfReachOfACtrlCInTheTerminal() throws Exception {
        Path data = closed();
        try (var postgres = EmbeddedPostgres.start(data, CONFIG)) {
            // pid (comm) state ppid pgrp session …; the terminal signals a whole process group
            String[] stat = Files.readString(Path.of("/proc", Long.toString(postgres.pid()), "stat"))
                    .split(" ");
            assertThat(stat[4]).isEqualTo(stat[0]).isEqualTo(Long.toString(postgres.pid()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "synchronous_commit", "full_page_writes"})
    void refusesToRunWithoutDurability(String setting) throws Exception {
        Path data = closed();
        try (var postgres = EmbeddedPostgres.start(data, CONFIG)) {
            ask(postgres, "alter system set " + setting + " = off");
        }
        assertThatThrownBy(() -> EmbeddedPostgres.start(data, CONFIG))
                .isInstanceOf(PostgresUnavailableException.class)
                .hasMessageContaining(setting + " = off")
                .hasMessageContaining("postgresql.auto.conf");
        assertThat(data.resolve("cluster/postmaster.pid"))
                .as("nothing left running")
                .doesNotExist();

        Files.writeString(data.resolve("cluster/postgresql.auto.conf"), setting + " = on\n");
        EmbeddedPostgres.start(data, CONFIG).close();
    }

    @Test
    void isRefusedTwiceOnOneDirectoryHereAndElsewhere() throws Exception {
        Path data = closed();
        try (var postgres = EmbeddedPostgres.start(data, CONFIG)) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(data.resolve("."), CONFIG))
                    .isInstanceOf(PostgresUnavailableException.class)
                    .hasMessageContaining("already running in this process");
            // After the refusal above, so that it is seen not to have freed the lock.
            try (var other = ChildJvm.holding(data, CONFIG.cacheDirectory())) {
                assertThat(other.says())
                        .startsWith("refused ")
                        .contains("in use by another Vibrissa process")
                        .contains("pid " + ProcessHandle.current().pid());
            }
            assertThat(ask(postgres, "select 1")).containsExactly("1");
        }
        EmbeddedPostgres.start(data, CONFIG).close();
    }

    @Test
    void saysWhatPostgresSaidWhenItDoesNotStart() throws Exception {
        Path data = closed();
        Files.writeString(
                data.resolve("cluster/postgresql.conf"), "\nno_such_setting = 1\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> EmbeddedPostgres.start(data, CONFIG))
                .isInstanceOf(PostgresUnavailableException.class)
                .hasMessageContaining("ended with exit code 1")
                .hasMessageContaining("no_such_setting");
    }

    @Test
    void saysThatAFixedPortIsTaken() throws Exception {
        Path data = closed();
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(data, CONFIG.withPort(taken.getLocalPort())))
                    .isInstanceOf(PostgresUnavailableException.class)
                    .hasMessageContaining("could not bind")
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
    }

    @Test
    void saysThatThePasswordIsMissingOrWrong() throws Exception {
        Path data = closed();
        Path password = data.resolve("password");
        Files.writeString(password, "another\n");
        assertThatThrownBy(() -> EmbeddedPostgres.start(data, CONFIG))
                .isInstanceOf(PostgresUnavailableException.class)
                .hasMessageContaining("does not accept the password in " + password);
        Files.delete(password);
        assertThatThrownBy(() -> EmbeddedPostgres.start(data, CONFIG))
                .isInstanceOf(PostgresUnavailableException.class)
                .hasMessageContaining(password + " is missing");
    }

    @Test
    void startsOverWhatAPowerCutLeaves() throws Exception {
        Path half = Files.createDirectories(folder.resolve("cluster.half-x/base"));
        Files.writeString(half.resolve("PG_VERSION"), "");
        EmbeddedPostgres.start(folder, CONFIG).close();
        assertThat(half.getParent()).doesNotExist();

        // After a reboot some other program usually has the pid of the server that was.
        Path pidFile = folder.resolve("cluster/postmaster.pid");
        Files.writeString(pidFile, ProcessHandle.current().pid() + "\n" + folder.resolve("cluster") + "\n");
        EmbeddedPostgres.start(folder, CONFIG).close();

        Files.writeString(pidFile, "");
        EmbeddedPostgres.start(folder, CONFIG).close();
    }

    @Test
    void givesUpOnAServerThatItDidNotStartAndThatStays() throws Exception {
        Path data = closed();
        var impatient = CONFIG.withDeadlines(Duration.ofSeconds(60), Duration.ofMillis(500));
        var postgres = EmbeddedPostgres.start(data, CONFIG);
        // Another directory with the same cluster stands for a JVM that lost its lock while the server runs on.
        Path alias = Files.createDirectory(data.resolve("alias"));
        Files.createSymbolicLink(alias.resolve("cluster"), data.resolve("cluster"));
        Files.copy(data.resolve("password"), alias.resolve("password"));
        try (postgres) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(alias, impatient))
                    .isInstanceOf(PostgresUnavailableException.class)
                    .hasMessageContaining("that this process did not start still runs")
                    .hasMessageContaining("kill -INT " + postgres.pid());
        }
    }

    @Test
    void refusesOtherSystemsInOneSentence() {
        assertThatThrownBy(() -> ServerAccount.requireLinux("Mac OS X", "aarch64"))
                .isInstanceOf(PostgresUnavailableException.class)
                .hasMessageContaining("VIBRISSA_DB_URL")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> ServerAccount.tool("no-such-tool"))
                .isInstanceOf(PostgresUnavailableException.class)
                .hasMessageContaining("VIBRISSA_DB_URL");
    }

    /** The first column of each row; empty for a statement without rows. */
    static List<String> ask(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (var connection = postgres.database().connect();
                var statement = connection.createStatement()) {
            var column = new ArrayList<String>();
            if (statement.execute(sql)) {
                try (var rows = statement.getResultSet()) {
                    while (rows.next()) {
                        column.add(rows.getString(1));
                    }
                }
            }
            return column;
        }
    }

    static String serverLog(Path data) throws IOException {
        try (var files = Files.list(data.resolve("log"))) {
            var all = new StringBuilder();
            for (Path file : files.sorted().toList()) {
                all.append(Files.readString(file));
            }
            return all.toString();
        }
    }
}
