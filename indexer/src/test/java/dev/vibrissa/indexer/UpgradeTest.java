package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.Schema;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** A database that an older program filled is brought up to date, and goes on as if it had always been so. */
class UpgradeTest {
    private static final String CHAIN = "blob-life";
    private static final long FIRST = 1000;
    private static final long OF_OLDER = 1070;
    private static final long LAST = 1143;

    /** What was kept only from the upgrade on; how far back it reaches is said and compared apart. */
    private static final List<String> SINCE_UPGRADE = List.of(
            "ending_history",
            "ending_of_owner_history",
            "pool_content_history",
            "ending_day",
            "ending_largest",
            "ending_history_since");

    private static final String OWNERS_THEN = """
            select * from (
              select distinct on (owner_kind, owner, end_epoch) owner_kind, encode(owner, 'hex'), end_epoch, objects, bytes
              from ending_of_owner_history where checkpoint <= %d order by owner_kind, owner, end_epoch, checkpoint desc) each
            where objects > 0
            """;

    @ParameterizedTest
    @ValueSource(strings = {"16", "18"})
    void goesOnAsIfItHadAlwaysBeen(String version) throws Exception {
        try (var undisturbed = TestDatabase.migrated();
                var older = TestDatabase.empty()) {
            var anchor = Scenarios.anchor(CHAIN);
            Scenarios.ingest(undisturbed.database(), anchor)
                    .run(Scenarios.part(CHAIN, FIRST, OF_OLDER), Progress.SILENT);
            Schema.migrateForRestore(older.database(), version);
            copy(undisturbed, older);

            assertThat(Schema.migrate(older.database()).applied()).isPositive();
            Scenarios.ingest(older.database(), anchor).run(Scenarios.part(CHAIN, OF_OLDER + 1, LAST), Progress.SILENT);
            Scenarios.ingest(undisturbed.database(), anchor)
                    .run(Scenarios.part(CHAIN, OF_OLDER + 1, LAST), Progress.SILENT);

            var digests = TableDigests.of(older.database());
            var expected = TableDigests.of(undisturbed.database());
            digests.keySet().removeAll(SINCE_UPGRADE);
            expected.keySet().removeAll(SINCE_UPGRADE);
            assertThat(digests).isEqualTo(expected);
            assertThat(TableRows.of(older.database(), "select checkpoint from ending_history_since"))
                    .containsExactly(Long.toString(OF_OLDER));
            for (long checkpoint : List.of(OF_OLDER, (OF_OLDER + LAST) / 2, LAST)) {
                assertThat(TableRows.of(older.database(), OWNERS_THEN.formatted(checkpoint)))
                        .as("at checkpoint %d", checkpoint)
                        .isNotEmpty()
                        .isEqualTo(TableRows.of(undisturbed.database(), OWNERS_THEN.formatted(checkpoint)));
            }
        }
    }

    /** All rows, as far as the older tables have the columns. */
    private static void copy(TestDatabase from, TestDatabase to) throws SQLException, IOException {
        var tables = TableRows.of(to.database(), """
                select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                  and not relispartition and relname <> 'flyway_schema_history'
                """);
        try (var source = from.connect();
                var target = to.connect();
                var statement = target.createStatement()) {
            statement.execute("set session_replication_role = replica"); // in any order of tables
            statement.execute("truncate " + String.join(", ", tables));
            for (String table : tables) {
                var columns = new TreeSet<>(columns(from, table));
                columns.retainAll(columns(to, table));
                String named = String.join(", ", columns);
                var rows = new ByteArrayOutputStream();
                source.unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("copy (select %s from %s) to stdout".formatted(named, table), rows);
                target.unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                "copy %s (%s) from stdin".formatted(table, named),
                                new ByteArrayInputStream(rows.toByteArray()));
            }
            for (String sequence : TableRows.of(
                    from.database(),
                    "select sequencename, last_value from pg_sequences where last_value is not null")) {
                String[] named = sequence.split("\\|", -1);
                statement.execute("select setval(c.oid, %s) from pg_class c where relname = '%s' and relkind = 'S'"
                        .formatted(named[1], named[0]));
            }
        }
    }

    private static List<String> columns(TestDatabase database, String table) throws SQLException {
        return TableRows.of(database.database(), """
                select quote_ident(column_name) from information_schema.columns
                where table_schema = 'public' and table_name = '%s' and is_generated = 'NEVER'
                """.formatted(table));
    }
}
