package dev.vibrissa.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vibrissa.migrations.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SchemaTest {
    @Test
    void isAppliedOnce() {
        try (var test = TestDatabase.empty()) {
            Schema first = Schema.migrate(test.database());
            assertThat(first.applied()).isPositive();
            assertThat(first.version()).isNotBlank();
            assertThat(first.postgres()).matches("\\d+\\.\\d+.*");
            assertThat(Schema.migrate(test.database())).isEqualTo(new Schema(first.version(), 0, first.postgres()));
        }
    }

    @Test
    void isAppliedOnceByRacingProcesses() throws Exception {
        try (var test = TestDatabase.empty();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Schema> migrate = () -> Schema.migrate(test.database());
            var one = threads.submit(migrate);
            var other = threads.submit(migrate);
            assertThat(one.get().version()).isEqualTo(other.get().version());
            assertThat(Math.min(one.get().applied(), other.get().applied())).isZero();
        }
    }

    @Test
    void ofANewerProgramIsRefused() throws Exception {
        try (var test = TestDatabase.migrated();
                var connection = test.connect();
                var statement = connection.createStatement()) {
            statement.execute("""
                    insert into flyway_schema_history
                      (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
                    values (99999, '9000', 'from the future', 'SQL', 'V9000__x.sql', 1, 'x', 1, true)
                    """);
            assertThatThrownBy(() -> Schema.migrate(test.database()))
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("9000")
                    .hasMessageContaining("newer than this program");
        }
    }

    @Test
    void ofChangedMigrationsIsRefused() throws Exception {
        try (var test = TestDatabase.migrated();
                var connection = test.connect();
                var statement = connection.createStatement()) {
            statement.execute("update flyway_schema_history set checksum = checksum + 1 where installed_rank = 1");
            assertThatThrownBy(() -> Schema.migrate(test.database()))
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("checksum");
        }
    }

    @Test
    void keepsAttributesAndTakesKeysOfAnyLength() throws Exception {
        try (var test = TestDatabase.empty()) {
            Schema.migrateForRestore(test.database(), "17");
            try (var connection = test.connect();
                    var statement = connection.createStatement()) {
                statement.execute("insert into attribute values (decode(repeat('ab', 32), 'hex'), 'color', 'blue')");
            }
            Schema.migrate(test.database());
            try (var connection = test.connect();
                    var statement = connection.createStatement()) {
                statement.execute("""
                        insert into attribute select decode(repeat('ab', 32), 'hex'), string_agg(md5(n::text), ''), 'x'
                        from generate_series(1, 1000) n
                        """);
                try (var row =
                        statement.executeQuery("select key, length(key), value from attribute order by length(key)")) {
                    assertThat(row.next()).isTrue();
                    assertThat(row.getString("key") + " " + row.getString("value"))
                            .isEqualTo("color blue");
                    assertThat(row.next()).isTrue();
                    assertThat(row.getInt("length")).isEqualTo(32_000);
                }
            }
        }
    }

    /** Answers about one thing look at its objects up to a checkpoint. */
    @Test
    void thePlannerKnowsThatOneObjectHasFewVersions() throws Exception {
        try (var test = TestDatabase.migrated();
                var connection = test.connect();
                var statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");
            statement.execute("""
                    insert into object_change (object_id, version, change, checkpoint, tx_index, type, owner_kind)
                    select sha256(int8send(n)), n / 100, 'created', n / 10, n % 10, 'blob::Blob', 'immutable'
                    from generate_series(1, 200000) n
                    """);
            statement.execute("analyze object_change");
            statement.execute("set search_path = answered, public");
            statement.execute("set plan_cache_mode = force_generic_plan");
            statement.execute("""
                    prepare changed (bytea, bigint) as
                    select exists (select from object_change where object_id = $1 and checkpoint <= $2)
                    """);
            try (var plan = statement.executeQuery("explain execute changed ('\\x00', 10000)")) {
                assertThat(plan.next()).isTrue();
                assertThat(Double.parseDouble(plan.getString(1).replaceAll(".*\\.\\.([0-9.]+) rows.*", "$1")))
                        .as(plan.getString(1))
                        .isLessThan(50);
            }
        }
    }

    @Test
    void needsMigrationsOnTheClassPath() {
        try (var test = TestDatabase.empty()) {
            assertThatThrownBy(() -> Schema.migrate(test.database(), "classpath:no/such/folder"))
                    .isInstanceOf(SchemaException.class);
        }
    }

    @Test
    void needsPostgres15() {
        assertThatThrownBy(() -> Schema.requireNotOlder(14, "14.2"))
                .isInstanceOf(SchemaException.class)
                .hasMessage("This is PostgreSQL 14.2, but Vibrissa needs 15 or newer");
        Schema.requireNotOlder(15, "15.0");
    }

    @Test
    void needsADatabaseThatAnswers() {
        assertThatThrownBy(() -> Schema.migrate(new Database("jdbc:postgresql://127.0.0.1:1/x", "u", "p")))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/x cannot be reached");
    }

    @Test
    void fitsPostgres15(@TempDir Path folder) throws Exception {
        Path debian = Path.of("/usr/lib/postgresql/15");
        assumeTrue(Files.isExecutable(debian.resolve("bin/initdb")), "no PostgreSQL 15 in " + debian);
        var config = EmbeddedPostgresConfig.defaults().withDeadlines(Duration.ofSeconds(60), Duration.ofSeconds(30));
        try (var directory = DataDirectory.hold(folder.resolve("db"))) {
            String password = directory.password();
            ServerAccount account = ServerAccount.fitting(directory.root());
            Files.createFile(directory.startLog());
            account.own(directory.startLog());
            var cluster = new Cluster(directory, config, account, debian);
            cluster.initialise();
            try (var postgres = EmbeddedPostgres.serve(cluster, password)) {
                Schema schema = Schema.migrate(postgres.database());
                assertThat(schema.postgres()).startsWith("15.");
                assertThat(schema.applied()).isPositive();
            }
        }
    }
}
