package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.project.Projection;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Votes are told by the objects they change, wherever history begins. */
class GovernanceHistoryTest {

    @Test
    void aRoundThatBeganBeforeOurHistoryIsCountedFromWhatWasThere() throws Exception {
        try (var database = TestDatabase.migrated()) {
            // The third of five votes is the first that we see.
            ingest(database, 4047);
            assertThat(rows(database, """
                    select observed, epoch, ended_how from proposal
                    where kind = 'upgrade' and checkpoint = 4047
                    """)).containsExactly("t|2|authorized");
            assertThat(rows(database, """
                    select position, sender is null, weight, total_weight from proposal_vote
                    where kind = 'upgrade' and round_checkpoint = 4047 order by position
                    """))
                    .containsExactly("0|t|null|409", "1|t|null|409", "2|f|153|562", "3|f|256|818", "4|f|40|858");
            assertThat(rows(database, "select version, emergency from contract_upgrade order by version"))
                    .containsExactly("4|f", "5|t");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4019, 4047, 4056, 4080})
    void whatIsFoldedAgainIsTheSameThere(long first) throws Exception {
        try (var database = TestDatabase.migrated()) {
            ingest(database, first);
            var live = TableDigests.of(database.database());
            for (var projection : List.of(Projection.GOVERNANCE, Projection.ADOPTION)) {
                new Rebuild(database.database()).run(projection, Progress.SILENT);
                assertThat(TableDigests.of(database.database()))
                        .as(projection.pipeline())
                        .isEqualTo(live);
            }
        }
    }

    @Test
    void everyRegistrationIsCountedOnce() throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), "blob-life");
            assertThat(rows(database, "select count(*) from registration"))
                    .isEqualTo(rows(
                            database,
                            "select count(*) from event where name in ('BlobRegistered', 'PooledBlobRegistered')"));
            assertThat(rows(database, "select count(*) from registration where free"))
                    .containsExactly("1");
            assertThat(rows(database, "select distinct value from content_label where key = '_walrusBlobType'"))
                    .containsExactly("quilt");
        }
    }

    private static void ingest(TestDatabase database, long first) throws Exception {
        Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                .run(Scenarios.part("governance", first, 4117), Progress.SILENT);
    }

    private static List<String> rows(TestDatabase database, String sql) throws Exception {
        return TableRows.of(database.database(), sql);
    }
}
