package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.changes.Outbox;
import dev.vibrissa.changes.Told;
import dev.vibrissa.indexer.project.Projection;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is new at the tip is told once, however it is batched, and what was so before is not. */
@Timeout(90)
class NewsTest {
    static final String CHANGES = """
            select id, topic, kind, subject, checkpoint, ordinal, encode(body, 'hex') from change order by id
            """;

    @Test
    void everyStepInTheLifeOfABlobIsTold() throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), "blob-life");
            List<Told> told = told(database.database());
            assertThat(told.stream().map(Told::kind).collect(Collectors.toSet()))
                    .contains(
                            "blob_registered",
                            "blob_certified",
                            "blob_extended",
                            "blob_deleted",
                            "blob_held",
                            "epoch_began");
            assertThat(told).extracting(Told::id).startsWith(1L).isSorted().doesNotHaveDuplicates();
            assertThat(TableRows.of(
                            database.database(),
                            "select count(*) from event where name in ('BlobRegistered', 'PooledBlobRegistered')"))
                    .containsExactly(Long.toString(told.stream()
                            .filter(each -> each.kind().equals("blob_registered"))
                            .count()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "stake, operator_registered operator_voted commission_announced node_joining node_leaving price_changed deny_list_updated",
        "governance, proposal_begun proposal_voted proposal_ended contract_upgraded"
    })
    void whatOperatorsAndVotesDoIsTold(String scenario, String kinds) throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), scenario);
            var found = told(database.database()).stream().map(Told::kind).collect(Collectors.toSet());
            assertThat(found).containsAll(Set.of(kinds.split(" ")));
        }
    }

    @Test
    void whatIsFoldedAgainIsNotToldAgain() throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), "governance");
            List<String> before = TableRows.of(database.database(), CHANGES);
            new Rebuild(database.database()).run(Projection.GOVERNANCE, Progress.SILENT);
            new Rebuild(database.database()).run(Projection.STAKE, Progress.SILENT);
            assertThat(TableRows.of(database.database(), CHANGES)).isEqualTo(before);
        }
    }

    @Test
    void historyFilledInIsNoNews() throws Exception {
        try (var database = TestDatabase.migrated()) {
            var source = Scenarios.source("blob-life");
            long first = source.first();
            long middle = 1047;
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", middle, source.last().orElseThrow()), Progress.SILENT);
            List<String> before = TableRows.of(database.database(), CHANGES);
            BackfillTest.backfill(database.database(), Ingest.Limits.ofThisMachine())
                    .run(Scenarios.source("blob-life"), first, Backfill.Progress.SILENT);
            assertThat(TableRows.of(
                            database.database(), "select first_checkpoint from watermark where pipeline = 'facts'"))
                    .containsExactly(Long.toString(first));
            assertThat(TableRows.of(database.database(), CHANGES)).isEqualTo(before);
            var checkpoints = new HashSet<Long>();
            told(database.database())
                    .forEach(each -> checkpoints.add(each.change().getPlace().getCheckpoint()));
            assertThat(checkpoints).allMatch(each -> each >= middle);
        }
    }

    private static List<Told> told(Database database) throws Exception {
        try (var db = database.connect()) {
            return Outbox.after(db, 0, 100_000);
        }
    }
}
