package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An epoch change or a contract upgrade shows in no table whether it stood first, last or anywhere else in its batch. */
class BatchBoundaryTest {
    /** Batches of up to so many checkpoints are tried. */
    private static final int LARGEST = 5;

    @ParameterizedTest(name = "{0}, {1} to {2}")
    @CsvSource({
        "governance, 4007, 4012, an epoch change",
        "blob-life, 1054, 1058, an epoch change",
        "governance, 4055, 4057, a contract upgrade"
    })
    void aChangeInMidBatchDoesNotShow(String scenario, long from, long to, String what) throws Exception {
        Map<String, String> expected = tables(scenario, from - LARGEST, to + LARGEST, 500);
        for (int size = 1; size <= LARGEST; size++) {
            assertThat(tables(scenario, from - LARGEST, to + LARGEST, size))
                    .as("%s in batches of %d", what, size)
                    .isEqualTo(expected);
        }
    }

    private static Map<String, String> tables(String scenario, long first, long last, int batch) throws Exception {
        try (var database = TestDatabase.migrated();
                var source = Scenarios.part(scenario, first, last)) {
            new Ingest(
                            database.database(),
                            WalrusNetwork.mainnet(),
                            Optional.of("synthetic chain"),
                            new TrustAnchor.Unverified(),
                            Ingest.Limits.ofThisMachine().withBatchOf(batch))
                    .run(source, Progress.SILENT);
            return TableDigests.of(database.database());
        }
    }
}
