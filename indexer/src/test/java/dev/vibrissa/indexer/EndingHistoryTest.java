package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The history of what ends when says of each checkpoint what the sums were when it was the last one. */
class EndingHistoryTest {
    private static final String NOW = """
            select 'epoch', end_epoch::text, objects, bytes from ending
            union all select owner_kind || ' ' || encode(owner, 'hex'), end_epoch::text, objects, bytes from ending_of_owner
            union all select 'pool', encode(storage_pool_id, 'hex'), objects, bytes from pool_content
            order by 1, 2
            """;

    private static final String THEN = """
            select * from (
              (select distinct on (end_epoch) 'epoch', end_epoch::text, objects, bytes from ending_history
                where checkpoint <= %1$d order by end_epoch, checkpoint desc)
              union all
              (select distinct on (owner_kind, owner, end_epoch) owner_kind || ' ' || encode(owner, 'hex'), end_epoch::text, objects, bytes
                from ending_of_owner_history where checkpoint <= %1$d order by owner_kind, owner, end_epoch, checkpoint desc)
              union all
              (select distinct on (storage_pool_id) 'pool', encode(storage_pool_id, 'hex'), objects, bytes
                from pool_content_history where checkpoint <= %1$d order by storage_pool_id, checkpoint desc)) each
            where objects > 0
            order by 1, 2
            """;

    /** At the ends of batches; that these do not show in any table is tested elsewhere. */
    @Test
    void itIsExact() throws Exception {
        try (var database = TestDatabase.migrated()) {
            var live = new TreeMap<Long, List<String>>();
            new Ingest(
                            database.database(),
                            WalrusNetwork.mainnet(),
                            Optional.of("synthetic chain"),
                            Scenarios.anchor("blob-life"),
                            Ingest.Limits.ofThisMachine().withBatchOf(9))
                    .run(Scenarios.source("blob-life"), position -> live.put(position.last(), rows(database, NOW)));
            assertThat(live).hasSizeGreaterThan(10);
            for (var checkpoint : live.entrySet()) {
                assertThat(rows(database, THEN.formatted(checkpoint.getKey())))
                        .as("at checkpoint %d", checkpoint.getKey())
                        .isEqualTo(checkpoint.getValue());
            }
            assertThat(rows(database, "select checkpoint from ending_history_since"))
                    .isEmpty();
        }
    }

    private static List<String> rows(TestDatabase database, String sql) {
        try {
            return TableRows.of(database.database(), sql);
        } catch (Exception fault) {
            throw new IllegalStateException(fault);
        }
    }
}
