package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.source.ChainIdentity;
import dev.vibrissa.indexer.source.Endpoint;
import dev.vibrissa.indexer.source.FullNode;
import dev.vibrissa.indexer.source.LiveSource;
import dev.vibrissa.indexer.source.StoreSource;
import dev.vibrissa.indexer.source.Ticker;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.rpc.v2.BatchGetObjectsResponse;
import dev.vibrissa.rpc.v2.BatchGetTransactionsResponse;
import dev.vibrissa.rpc.v2.GetObjectResult;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever begins at the tip of full nodes knows at once what an index from the beginning knows of the present. */
@Timeout(120)
class WalrusSnapshotTest {
    private static final String SCENARIO = "stake";
    private static final long GENESIS = 3000;
    private static final long LAST = 3247;

    private static final List<String> PRESENT = List.of("""
                    select encode(node_id, 'hex'), position, weight, encode(public_key, 'hex') from committee_member
                    where epoch = (select max(epoch) from epoch where running_since is not null) order by position
                    """, """
                    select shard, encode(node_id, 'hex') from shard_assignment
                    where epoch = (select max(epoch) from epoch where running_since is not null) order by shard
                    """, """
                    select epoch, n_shards, storage_price, write_price, total_capacity from epoch
                    where epoch = (select max(epoch) from epoch where running_since is not null)
                    """, """
                    select encode(node_id, 'hex'), name, network_address, encode(network_public_key, 'hex') from storage_node
                    order by node_id
                    """);

    private final List<FakeFullNode> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(FakeFullNode::close);
    }

    private FakeFullNode node(long tip) {
        var node = new FakeFullNode(SCENARIO, tip);
        nodes.add(node);
        return node;
    }

    @ParameterizedTest(name = "at checkpoint {0}")
    @ValueSource(longs = {3075, 3150, 3200})
    void committeeShardsPricesAndOperatorsAreKnownAtOnce(long begin) throws Exception {
        assertPresentIsKnown(begin, node(begin));
    }

    @Test
    void soTheyAreWhenTheChainWentOnMeanwhile() throws Exception {
        var node = node(3150);
        node.stepBeforeObjects = 60;
        assertPresentIsKnown(3150, node);
        assertThat(node.tip).isEqualTo(3210);
    }

    @Test
    void whatOneNodeDroppedIsAskedOfAnother() throws Exception {
        var pruned = node(3150);
        pruned.stepBeforeObjects = 60;
        pruned.prunesObjects = true;
        var archive = node(3210);
        assertPresentIsKnown(3150, pruned, archive);
    }

    @Test
    void anotherObjectThanWasAskedForIsRefused() throws Exception {
        var confused = node(3150);
        var first = new AtomicLong();
        confused.changeObjects = answer -> first.getAndIncrement() == 0
                ? answer
                : BatchGetObjectsResponse.newBuilder()
                        .addAllObjects(answer.getObjectsList().reversed())
                        .build();
        assertPresentIsKnown(3150, confused, node(3150));
    }

    @Test
    void anObjectOfAnotherTypeIsRefused() throws Exception {
        // Staking's inner state has the layout of nothing else: where the System's is asked for, it is no answer.
        var swapped = new WalrusNetwork.SharedObjects(
                WalrusNetwork.mainnet().objects().staking(),
                WalrusNetwork.mainnet().objects().system(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of());
        var mainnet = WalrusNetwork.mainnet();
        var network = new WalrusNetwork(
                mainnet.name(),
                mainnet.chain(),
                mainnet.walrus(),
                mainnet.wal(),
                mainnet.walrusSubsidies(),
                mainnet.subsidies(),
                mainnet.walExchange(),
                mainnet.walrusSites(),
                swapped);
        try (var source = source(Ticker.SYSTEM, Optional.of(3150L), node(3150))) {
            assertThat(new WalrusSnapshot(network).before(source, 3150)).isEmpty();
        }
    }

    @Test
    void aNodeThatIsBehindIsAskedLater() throws Exception {
        var late = node(3100);
        try (var source = source(new Growing(late), Optional.of(3150L), late)) {
            assertThat(new WalrusSnapshot(WalrusNetwork.mainnet()).before(source, 3150))
                    .isNotEmpty();
        }
        assertThat(late.tip).isEqualTo(3149);
    }

    @Test
    void withoutAListOfPoolsThoseOfTheCommitteesAreKnown() throws Exception {
        var node = node(3150);
        node.listsFields = false;
        assertPresentIsKnown(3150, PRESENT.subList(0, 3), node);
    }

    @Test
    void whatWasNotThereBeforeIsLeftToTheCheckpointsThatFollow() throws Exception {
        var liar = node(3150);
        liar.stepBeforeObjects = LAST - 3150;
        liar.changeTransactions = answer -> {
            var changed = BatchGetTransactionsResponse.newBuilder();
            answer.getTransactionsList().forEach(each -> {
                var one = each.toBuilder();
                if (each.hasTransaction()) {
                    one.getTransactionBuilder().setCheckpoint(GENESIS);
                }
                changed.addTransactions(one);
            });
            return changed.build();
        };
        try (var straight = TestDatabase.migrated();
                var late = TestDatabase.migrated();
                var source = source(Ticker.SYSTEM, Optional.of(LAST), liar)) {
            Scenarios.ingest(straight.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.source(SCENARIO), Progress.SILENT);
            assertThat(ingest(late.database()).run(source, Progress.SILENT).last())
                    .isEqualTo(LAST);
            assertThat(TableRows.of(late.database(), """
                    select encode(r.object_id, 'hex') from object_change r join object_change o using (object_id)
                    where r.tx_index = -1 and o.tx_index >= 0 and o.checkpoint = r.checkpoint and o.version <= r.version
                    """))
                    .as("reported, though the first checkpoint wrote an older one")
                    .isEmpty();
            assertThat(TableRows.of(late.database(), "select max(epoch) from epoch where running_since is not null"))
                    .isEqualTo(TableRows.of(
                            straight.database(), "select max(epoch) from epoch where running_since is not null"));
            assertThat(TableRows.of(late.database(), PRESENT.getFirst()))
                    .isEqualTo(TableRows.of(straight.database(), PRESENT.getFirst()));
        }
    }

    @Test
    void whoTellsNothingIsNotAskedForEver() throws Exception {
        var node = node(3150);
        var clock = new Growing(node);
        var refused = new AtomicLong();
        node.changeObjects = _ -> {
            refused.incrementAndGet();
            var overloaded = com.google.rpc.Status.newBuilder().setCode(Status.Code.UNAVAILABLE.value());
            return BatchGetObjectsResponse.newBuilder()
                    .addObjects(GetObjectResult.newBuilder().setError(overloaded))
                    .addObjects(GetObjectResult.newBuilder().setError(overloaded))
                    .build();
        };
        try (var database = TestDatabase.migrated();
                var source = source(clock, Optional.of(3150L), node)) {
            assertThat(ingest(database.database()).run(source, Progress.SILENT).last())
                    .isEqualTo(3150);
            assertThat(TableRows.of(database.database(), "select snapshot_checkpoint from network"))
                    .containsExactly("null");
        }
        assertThat(refused.get()).isBetween(2L, 20L);
    }

    private void assertPresentIsKnown(long begin, FakeFullNode... asked) throws Exception {
        assertPresentIsKnown(begin, PRESENT, asked);
    }

    /** The database holds nothing but the first checkpoint, and what the nodes report of the state before it. */
    private void assertPresentIsKnown(long begin, List<String> questions, FakeFullNode... asked) throws Exception {
        try (var straight = straightBefore(begin);
                var late = TestDatabase.migrated();
                var source = source(Ticker.SYSTEM, Optional.of(begin), asked)) {
            var outcome = ingest(late.database()).run(source, Progress.SILENT);
            assertThat(outcome.checkpoints()).isEqualTo(1);
            for (String question : questions) {
                assertThat(TableRows.of(late.database(), question))
                        .as(question)
                        .isNotEmpty()
                        .isEqualTo(TableRows.of(straight.database(), question));
            }
            assertThat(TableRows.of(late.database(), "select snapshot_checkpoint from network"))
                    .containsExactly("" + begin);
            assertThat(TableRows.of(late.database(), "select distinct change from object_change where tx_index = -1"))
                    .containsExactly("observed");
            // Not a version around the checkpoint: each is the last one that was written before it.
            var reported = TableRows.of(
                    late.database(), "select encode(object_id, 'hex'), version from object_change where tx_index = -1");
            assertThat(reported).hasSizeGreaterThan(2).allSatisfy(row -> {
                var id = SuiAddress.parse("0x" + row.substring(0, row.indexOf('|')));
                assertThat(row).endsWith("|" + asked[0].state().versionBefore(id, begin));
            });
        }
    }

    private static TestDatabase straightBefore(long begin) throws Exception {
        var straight = TestDatabase.migrated();
        Scenarios.ingest(straight.database(), new TrustAnchor.Unverified())
                .run(Scenarios.part(SCENARIO, GENESIS, begin), Progress.SILENT);
        return straight;
    }

    private static Ingest ingest(Database database) {
        return new Ingest(
                database,
                WalrusNetwork.mainnet(),
                Optional.of("synthetic chain"),
                new TrustAnchor.Unverified(),
                Ingest.Limits.ofThisMachine().withBatchOf(1),
                new WalrusSnapshot(WalrusNetwork.mainnet()));
    }

    private static LiveSource source(Ticker ticker, Optional<Long> last, FakeFullNode... asked) {
        var identity = new ChainIdentity(Optional.empty());
        return new LiveSource(
                Stream.of(asked)
                        .<Endpoint>map(
                                each -> new FullNode(each.address(), identity, FullNode.Manners.unlimited(), ticker))
                        .toList(),
                new LiveSource.Start.AtTip(),
                last,
                StoreSource.AtTip.WAIT,
                ticker);
    }

    /** A clock on which every pause is over at once, and the chain has grown meanwhile. */
    private static final class Growing implements Ticker {
        private final AtomicLong nanos = new AtomicLong();
        private final FakeFullNode node;

        Growing(FakeFullNode node) {
            this.node = node;
        }

        @Override
        public long nanos() {
            return nanos.get();
        }

        @Override
        public void sleep(Duration pause) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            nanos.addAndGet(pause.toNanos());
            if (node.tip < 3149) {
                node.growTo(3149);
            }
        }
    }
}
