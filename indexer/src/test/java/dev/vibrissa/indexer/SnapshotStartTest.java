package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.project.Projection;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An index that begins with the present instead of history knows committee, shards, operators and prices at once. */
class SnapshotStartTest {
    private static final String SCENARIO = "stake";
    private static final long BEGIN = 3150;

    private static final String RUNNING = "(select max(epoch) from epoch where running_since <= %d)".formatted(BEGIN);
    private static final String COMMITTEE =
            "select encode(node_id, 'hex'), position, weight, encode(public_key, 'hex') from committee_member where epoch = "
                    + RUNNING + " order by position";
    private static final String SHARDS =
            "select shard, encode(node_id, 'hex') from shard_assignment where epoch = " + RUNNING + " order by shard";
    private static final String PRICES =
            "select epoch, n_shards, storage_price, write_price, total_capacity from epoch where epoch = " + RUNNING;
    private static final String NODES = "select name, network_address from storage_node order by name";

    @Test
    void theRunningEpochIsKnownAtOnceAndMarkedAsReported() throws Exception {
        try (var straight = TestDatabase.migrated();
                var late = TestDatabase.migrated()) {
            Scenarios.ingest(straight.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part(SCENARIO, 3000, BEGIN), Progress.SILENT);
            var present = present(straight.database());
            ingest(late.database(), present).run(Scenarios.part(SCENARIO, BEGIN, BEGIN), Progress.SILENT);
            for (String question : List.of(COMMITTEE, SHARDS, PRICES, NODES)) {
                assertThat(TableRows.of(late.database(), question))
                        .as(question)
                        .isNotEmpty()
                        .isEqualTo(TableRows.of(straight.database(), question));
            }
            assertThat(TableRows.of(late.database(), "select snapshot_checkpoint from network"))
                    .containsExactly("" + BEGIN);
            assertThat(TableRows.of(late.database(), "select distinct change from object_change where tx_index = -1"))
                    .containsExactly("observed");
            assertThat(TableRows.of(late.database(), "select complete_from from totals"))
                    .containsExactly("null");

            var live = TableDigests.of(late.database());
            new Rebuild(late.database()).run(Projection.EPOCH, Progress.SILENT);
            assertThat(TableDigests.of(late.database())).as("folded again").isEqualTo(live);
        }
    }

    @ParameterizedTest(name = "announced: {0}")
    @ValueSource(booleans = {true, false})
    void historyFilledInTakesItsPlace(boolean announced) throws Exception {
        try (var straight = TestDatabase.migrated();
                var late = TestDatabase.migrated();
                var source = Scenarios.source(SCENARIO)) {
            Scenarios.ingest(straight.database(), new TrustAnchor.Unverified()).run(source, Progress.SILENT);
            var backfill = BackfillTest.backfill(late.database(), Ingest.Limits.ofThisMachine());
            if (announced) {
                backfill.announce(3000);
            }
            ingest(late.database(), present(straight.database()))
                    .run(Scenarios.part(SCENARIO, BEGIN, 3247), Progress.SILENT);
            backfill.run(source, 3000, Backfill.Progress.SILENT);
            assertThat(TableDigests.of(late.database())).isEqualTo(TableDigests.of(straight.database()));
        }
    }

    private static Ingest ingest(Database database, List<Bytes> present) {
        return new Ingest(
                database,
                WalrusNetwork.mainnet(),
                Optional.of("synthetic chain"),
                new TrustAnchor.Unverified(),
                Ingest.Limits.ofThisMachine(),
                (_, _) -> present);
    }

    /** What a full node would answer. */
    private static List<Bytes> present(Database database) throws Exception {
        var objects = new ArrayList<Bytes>();
        try (var db = database.connect();
                var statement = db.createStatement();
                var row = statement.executeQuery("""
                        select distinct on (object_id) object_bcs from object_change
                        where type in ('Field<system_state_inner::SystemStateInnerV1>', 'Field<staking_inner::StakingInnerV1>',
                          'staking_pool::StakingPool') and checkpoint < %d
                        order by object_id, version desc
                        """.formatted(BEGIN))) {
            while (row.next()) {
                objects.add(Bytes.of(row.getBytes(1)));
            }
        }
        return objects;
    }
}
