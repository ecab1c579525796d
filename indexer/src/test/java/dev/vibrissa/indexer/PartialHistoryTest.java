package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A history that begins in the middle takes objects in as it finds them and says so. */
class PartialHistoryTest {

    @ParameterizedTest
    @ValueSource(strings = {"mainnet-238627324.binpb.zst", "mainnet-238627324.chk"})
    void oneRealMainnetCheckpointTellsOfItsQuilt(String name) throws Exception {
        Path file = Scenarios.realFixture(name);
        assumeTrue(Files.isRegularFile(file), () -> "real chain data is not part of the project: no " + file);
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(FileSource.of(List.of(file)), Progress.SILENT);
            assertThat(rows(database, """
                            select encode(object_id, 'hex'), origin, size, registered_epoch, registered_checkpoint,
                              certified_epoch, certified_checkpoint, end_epoch, deletable, owner_kind, encode(owner, 'hex')
                            from blob_object
                            """))
                    .containsExactly(
                            "4ab8730c8ab2b69e7e03c61c807c735c169042370fc1ee3201a07be3bb0ef2b7|observed|818486372|22|null|22"
                                    + "|238627324|48|t|address|5bfe0e441260db8f22ae46a45d493fabcb733d622d396b30dc2a13f5375d8d68");
            assertThat(rows(database, "select key, value from attribute")).containsExactly("_walrusBlobType|quilt");
            assertThat(rows(database, "select epoch, running_since, start_checkpoint from epoch"))
                    .containsExactly("22|238627324|null");
            assertThat(rows(database, "select change, version from object_change where blob_id is not null order by 1"))
                    .as("the input is a fact of its own")
                    .hasSize(2)
                    .first()
                    .asString()
                    .startsWith("mutated|764050525");
            assertThat(rows(database, "select complete_from from totals")).containsExactly("null");
            assertThat(rows(database, "select part, type, reason from quarantine"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1013, 1047, 1071, 1100})
    void beginningAnywhereEndsWithTheSameObjectsAlive(long first) throws Exception {
        try (var whole = TestDatabase.migrated();
                var late = TestDatabase.migrated()) {
            Scenarios.ingest(whole.database(), "blob-life");
            Scenarios.ingest(late.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", first, 1143), Progress.SILENT);
            // What both know they must agree upon, except for what happened before the late one began.
            String state = """
                    select encode(object_id, 'hex'), encode(blob_id, 'hex'), kind, deletable, certified_epoch, end_epoch,
                      deleted_epoch, owner_kind, encode(owner, 'hex'), gone_how
                    from blob_object order by 1
                    """;
            var all = rows(whole, state);
            assertThat(rows(late, state)).isNotEmpty().allMatch(all::contains);
        }
    }

    private static List<String> rows(TestDatabase database, String sql) throws Exception {
        var rows = new java.util.ArrayList<String>();
        try (var db = database.connect();
                var statement = db.createStatement();
                var found = statement.executeQuery(sql)) {
            while (found.next()) {
                var row = new java.util.StringJoiner("|");
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(found.getString(i)));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }
}
