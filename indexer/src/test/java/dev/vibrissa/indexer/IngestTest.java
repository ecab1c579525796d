package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestTest {

    @ParameterizedTest
    @CsvSource({"blob-life, 144", "governance, 118", "busy, 193", "stake, 248", "money, 126"})
    void indexesEveryCheckpointOfAScenario(String scenario, long checkpoints) throws Exception {
        try (var database = TestDatabase.migrated()) {
            var outcome = Scenarios.ingest(database.database(), scenario);
            assertThat(outcome.checkpoints()).isEqualTo(checkpoints);
            assertThat(outcome.anchored()).isTrue();
            assertThat(text(database, "select count(*) from quarantine")).isEqualTo("0");
            assertThat(text(database, "select count(*) from checkpoint where verification <> 'certificate'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void indexingTwiceChangesNothing() throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), "blob-life");
            var once = TableDigests.of(database.database());
            assertThat(Scenarios.ingest(database.database(), "blob-life").checkpoints())
                    .isZero();
            assertThat(TableDigests.of(database.database())).isEqualTo(once);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "7", "50"})
    void theSizeOfABatchDoesNotShow(int checkpoints) throws Exception {
        try (var inOne = TestDatabase.migrated();
                var inMany = TestDatabase.migrated()) {
            Scenarios.ingest(inOne.database(), "busy");
            new Ingest(
                            inMany.database(),
                            dev.vibrissa.protocol.walrus.WalrusNetwork.mainnet(),
                            java.util.Optional.of("synthetic chain"),
                            Scenarios.anchor("busy"),
                            Ingest.Limits.ofThisMachine().withBatchOf(checkpoints))
                    .run(Scenarios.source("busy"), Progress.SILENT);
            assertThat(TableDigests.of(inMany.database())).isEqualTo(TableDigests.of(inOne.database()));
        }
    }

    @Test
    void goesOnWhereItStopped() throws Exception {
        try (var atOnce = TestDatabase.migrated();
                var inParts = TestDatabase.migrated()) {
            Scenarios.ingest(atOnce.database(), "blob-life");
            var ingest = Scenarios.ingest(inParts.database(), Scenarios.anchor("blob-life"));
            ingest.run(Scenarios.part("blob-life", 1000, 1050), Progress.SILENT);
            ingest.run(Scenarios.part("blob-life", 1051, 1051), Progress.SILENT);
            ingest.run(Scenarios.part("blob-life", 1040, 1143), Progress.SILENT);
            assertThat(TableDigests.of(inParts.database())).isEqualTo(TableDigests.of(atOnce.database()));
        }
    }

    @Test
    void refusesAGapBetweenTheDatabaseAndTheSource() throws Exception {
        try (var database = TestDatabase.migrated()) {
            var ingest = Scenarios.ingest(database.database(), Scenarios.anchor("blob-life"));
            ingest.run(Scenarios.part("blob-life", 1000, 1010), Progress.SILENT);
            var before = TableDigests.of(database.database());
            assertThatThrownBy(() -> ingest.run(Scenarios.part("blob-life", 1012, 1020), Progress.SILENT))
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("begins with checkpoint 1012, but the database ends with 1010");
            assertThat(TableDigests.of(database.database())).isEqualTo(before);
        }
    }

    @Test
    void refusesAnotherChain() throws Exception {
        try (var database = TestDatabase.migrated()) {
            var ingest = Scenarios.ingest(database.database(), new TrustAnchor.Unverified());
            ingest.run(Scenarios.part("blob-life", 1000, 1002), Progress.SILENT);
            var before = TableDigests.of(database.database());
            var other = FileSource.of(List.of(
                    Scenarios.fixture("synthetic-walrus-1000-register-certify.binpb.zst"),
                    Scenarios.fixture("synthetic-walrus-1001-all-events.binpb.zst"),
                    Scenarios.fixture("synthetic-walrus-1002-epoch-end.binpb.zst"),
                    Scenarios.fixture("synthetic-walrus-1003-next-epoch.binpb.zst")));
            assertThatThrownBy(() -> ingest.run(other, Progress.SILENT))
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("another chain or a fork");
            assertThat(TableDigests.of(database.database())).isEqualTo(before);
        }
    }

    @Test
    void refusesAnotherNetwork() throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", 1000, 1002), Progress.SILENT);
            var testnet = new Ingest(
                    database.database(),
                    dev.vibrissa.protocol.walrus.WalrusNetwork.testnet(),
                    java.util.Optional.empty(),
                    new TrustAnchor.Unverified(),
                    Ingest.Limits.ofThisMachine());
            assertThatThrownBy(() -> testnet.run(Scenarios.part("blob-life", 1000, 1002), Progress.SILENT))
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("holds network mainnet, not testnet");
        }
    }

    @Test
    void aSourceThatIsRefusedAtOnceLeavesNoTrace() throws Exception {
        try (var database = TestDatabase.migrated()) {
            var before = TableDigests.of(database.database());
            var anchor = TrustAnchor.parse(
                    Scenarios.fixture("synthetic-epoch6.committee.bcs").toString());
            assertThatThrownBy(() -> Scenarios.ingest(database.database(), anchor)
                            .run(
                                    FileSource.of(List.of(Scenarios.fixture("synthetic-walrus-1003-no-quorum.chk"))),
                                    Progress.SILENT))
                    .isInstanceOf(ChainException.class);
            assertThat(TableDigests.of(database.database())).isEqualTo(before);
        }
    }

    @Test
    void anUnsignedCheckpointIsRefusedOnceSomebodyVouchedForTheChain() throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), Scenarios.anchor("blob-life"))
                    .run(Scenarios.part("blob-life", 1000, 1002), Progress.SILENT);
            try (var db = database.connect();
                    var statement = db.createStatement()) {
                statement.executeUpdate("delete from sui_committee"); // nobody can be asked any more
            }
            assertThatThrownBy(() -> Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                            .run(Scenarios.part("blob-life", 1003, 1003), Progress.SILENT))
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("everything before it is verified");
        }
    }

    @Test
    void anAnchorGivenLaterVouchesForWhatIsThere() throws Exception {
        try (var database = TestDatabase.migrated()) {
            var part = Scenarios.part("blob-life", 1000, 1002);
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified()).run(part, Progress.SILENT);
            assertThat(text(database, "select count(*) from checkpoint where verification = 'unverified'"))
                    .isEqualTo("3");
            var outcome = Scenarios.ingest(database.database(), Scenarios.anchor("blob-life"))
                    .run(part, Progress.SILENT);
            assertThat(outcome.anchored()).isTrue();
            assertThat(text(database, "select count(*) from checkpoint where verification = 'unverified'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void refusesAnAnchorThatHandsOverNoCommittee() throws Exception {
        try (var database = TestDatabase.migrated()) {
            var anchor = TrustAnchor.parse(digestOf("synthetic-walrus-1001-all-events"));
            assertThatThrownBy(() -> Scenarios.ingest(database.database(), anchor)
                            .run(synthetic("synthetic-walrus-1003-next-epoch"), Progress.SILENT))
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("does not end its epoch");
        }
    }

    @Test
    void aSecondIndexerStandsBack() throws Exception {
        try (var database = TestDatabase.migrated();
                var lock = IndexerLock.TIP.tryTake(database.database()).orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> Scenarios.ingest(database.database(), "blob-life"))
                    .isInstanceOf(IndexerBusyException.class);
        }
    }

    @Test
    void takesTheHandOverOfTheCommitteeFromACheckpointThatIsTheAnchor() throws Exception {
        try (var database = TestDatabase.migrated()) {
            // 1002 ends Sui epoch 5; what comes before is vouched for by digests, what follows by certificates.
            var anchor = TrustAnchor.parse(digestOf("synthetic-walrus-1002-epoch-end"));
            var outcome = Scenarios.ingest(database.database(), anchor)
                    .run(synthetic("synthetic-walrus-1003-next-epoch"), Progress.SILENT);
            assertThat(outcome.anchored()).isTrue();
            assertThat(text(database, "select string_agg(verification, ' ' order by sequence_number) from checkpoint"))
                    .isEqualTo("hash-chain hash-chain hash-chain certificate");
        }
    }

    @Test
    void refusesACertificateBelowQuorumAndKeepsWhatCameBefore() throws Exception {
        try (var database = TestDatabase.migrated()) {
            var anchor = TrustAnchor.parse(
                    Scenarios.fixture("synthetic-epoch5.committee.bcs").toString());
            assertThatThrownBy(() -> Scenarios.ingest(database.database(), anchor)
                            .run(synthetic("synthetic-walrus-1003-no-quorum"), Progress.SILENT))
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("1003")
                    .hasMessageContaining("3500");
            assertThat(text(database, "select max(sequence_number) from checkpoint"))
                    .isEqualTo("1002");
        }
    }

    private static FileSource synthetic(String last) {
        return FileSource.of(List.of(
                Scenarios.fixture("synthetic-walrus-1000-register-certify.binpb.zst"),
                Scenarios.fixture("synthetic-walrus-1001-all-events.chk"),
                Scenarios.fixture("synthetic-walrus-1002-epoch-end.binpb.zst"),
                Scenarios.fixture(last + ".chk")));
    }

    private static String digestOf(String fixture) throws IOException {
        String json = Files.readString(Scenarios.fixture(fixture + ".expected.json"));
        return new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(json)
                .path("digest")
                .asText();
    }

    private static String text(TestDatabase database, String sql) throws Exception {
        try (var db = database.connect();
                var statement = db.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
