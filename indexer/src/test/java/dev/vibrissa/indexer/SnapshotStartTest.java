package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.extract.Extractor;
import dev.vibrissa.indexer.project.Projection;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.Room;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.indexer.trust.ChainVerifier;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
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

    /** What is reported and written by the checkpoints that follow is left out, however few of them are stored at once. */
    @Test
    void theChainHasTheLastWordThoughABatchIsGoneBackOver() throws Exception {
        try (var straight = TestDatabase.migrated();
                var whole = TestDatabase.migrated();
                var oneByOne = TestDatabase.migrated();
                var source = Scenarios.part(SCENARIO, BEGIN, BEGIN + 20)) {
            Scenarios.ingest(straight.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part(SCENARIO, 3000, BEGIN + 20), Progress.SILENT);
            var tooLate = present(straight.database(), BEGIN + 20);
            Optional<PreparedCheckpoints.Elsewhere> allAtOnce =
                    Optional.of((first, last, packages, _, _) -> new Again(source, first, packages));
            ingest(whole.database(), tooLate, allAtOnce).run(source, Progress.SILENT);
            try (var db = oneByOne.connect();
                    var statement = db.createStatement()) {
                statement.execute("""
                        create sequence tries;
                        create function refuse() returns trigger language plpgsql as
                          $$ begin if nextval('tries') = 1 then raise data_exception; end if; return new; end $$;
                        create trigger refused before insert on checkpoint
                          for each row when (new.sequence_number = %d) execute function refuse()
                        """.formatted(BEGIN + 10));
            }
            ingest(oneByOne.database(), tooLate, allAtOnce).run(source, Progress.SILENT);
            assertThat(TableRows.of(oneByOne.database(), "select last_value > 1 from tries"))
                    .containsExactly("t");
            String reported =
                    "select encode(object_id, 'hex'), version from object_change where tx_index = -1 order by 1";
            assertThat(TableRows.of(oneByOne.database(), reported))
                    .hasSizeLessThan(tooLate.size())
                    .isEqualTo(TableRows.of(whole.database(), reported));
        }
    }

    /** All at once, and again what was gone back over. */
    private static final class Again implements PreparedCheckpoints {
        private final CheckpointSource source;
        private final Supplier<PackageChain> packages;
        private long next;

        Again(CheckpointSource source, long first, Supplier<PackageChain> packages) {
            this.source = source;
            this.next = first;
            this.packages = packages;
        }

        @Override
        public Optional<Prepared> next() throws InterruptedException {
            var raw = source.fetch(next, Room.UNBOUNDED);
            if (raw.isEmpty()) {
                return Optional.empty();
            }
            next++;
            var network = WalrusNetwork.mainnet();
            var checkpoint = IntactCheckpoint.read(raw.get(), network);
            return Optional.of(new Prepared(
                    raw,
                    checkpoint,
                    Extractor.extract(checkpoint, packages.get(), network),
                    new ChainVerifier.Ahead(Optional.empty())));
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public boolean hasOthers() {
            return true;
        }

        @Override
        public void goBack(long first) {
            next = first;
        }

        @Override
        public Prepared instead(Prepared refused, ChainException fault) {
            throw fault;
        }

        @Override
        public Prepared readWith(Prepared stale, PackageChain known) {
            return new Prepared(
                    stale.raw(),
                    stale.checkpoint(),
                    Extractor.extract(stale.checkpoint(), known, WalrusNetwork.mainnet()),
                    stale.certificate());
        }

        @Override
        public void release() {}

        @Override
        public void close() {}
    }

    private static Ingest ingest(Database database, List<Bytes> present) {
        return ingest(database, present, Optional.empty());
    }

    private static Ingest ingest(
            Database database, List<Bytes> present, Optional<PreparedCheckpoints.Elsewhere> elsewhere) {
        return new Ingest(
                database,
                WalrusNetwork.mainnet(),
                Optional.of("synthetic chain"),
                new TrustAnchor.Unverified(),
                Ingest.Limits.ofThisMachine(),
                (_, _) -> present,
                elsewhere);
    }

    /** What a full node would answer. */
    private static List<Bytes> present(Database database) throws Exception {
        return present(database, BEGIN);
    }

    private static List<Bytes> present(Database database, long before) throws Exception {
        var objects = new ArrayList<Bytes>();
        try (var db = database.connect();
                var statement = db.createStatement();
                var row = statement.executeQuery("""
                        select distinct on (object_id) object_bcs from object_change
                        where type in ('Field<system_state_inner::SystemStateInnerV1>', 'Field<staking_inner::StakingInnerV1>',
                          'staking_pool::StakingPool') and checkpoint < %d
                        order by object_id, version desc
                        """.formatted(before))) {
            while (row.next()) {
                objects.add(Bytes.of(row.getBytes(1)));
            }
        }
        return objects;
    }
}
