package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpServer;
import dev.vibrissa.indexer.source.ChainIdentity;
import dev.vibrissa.indexer.source.CheckpointStore;
import dev.vibrissa.indexer.source.Endpoint;
import dev.vibrissa.indexer.source.FullNode;
import dev.vibrissa.indexer.source.LiveSource;
import dev.vibrissa.indexer.source.RateLimits;
import dev.vibrissa.indexer.source.Room;
import dev.vibrissa.indexer.source.SourceException;
import dev.vibrissa.indexer.source.StoreSource;
import dev.vibrissa.indexer.source.Ticker;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.rpc.v2.Checkpoint;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Full nodes on real sockets that have their bad moments, the pipeline that follows them, and the tables that come of it:
 * those of an ingest that nothing disturbed.
 */
@Timeout(120)
class LiveIngestTest {
    private static final String SCENARIO = "blob-life";
    private static final long FIRST = 1000;
    private static final long LAST = 1143;
    /** Up to here the nodes have everything at the start; the rest comes one by one, each when all before is indexed. */
    private static final long FIRST_TIP = 1040;

    private static final String OTHER_CHAIN = "69WiPg3DAQiwdxfncX6wYQ2siKwAe6L9BZthQea3JNMD";

    private static Map<String, String> undisturbed = Map.of();

    private final List<FakeFullNode> nodes = new ArrayList<>();
    /** So many more checkpoints come at a time, to begin with. */
    private int step = 1;
    /** From here on the rest is there at once. */
    private long restFrom = 1090;

    private FullNode.Manners manners = FullNode.Manners.unlimited();
    private Ticker ticker = Ticker.SYSTEM;
    private final AtomicInteger storeAsked = new AtomicInteger();

    @BeforeAll
    static void indexUndisturbed() throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), SCENARIO);
            undisturbed = TableDigests.of(database.database());
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(FakeFullNode::close);
    }

    private FakeFullNode node() {
        var node = new FakeFullNode(SCENARIO, FIRST_TIP);
        nodes.add(node);
        return node;
    }

    private LiveSource source(FakeFullNode... asked) {
        var identity = new ChainIdentity(Optional.of(Digest.parse(FakeFullNode.CHAIN)));
        return new LiveSource(
                Stream.of(asked)
                        .<Endpoint>map(each -> new FullNode(each.address(), identity, manners, ticker))
                        .toList(),
                new LiveSource.Start.At(FIRST),
                Optional.of(LAST),
                StoreSource.AtTip.WAIT,
                ticker);
    }

    /** What happens once everything up to a checkpoint is indexed. */
    private interface Event {
        void after(long checkpoint);
    }

    private void followsUndisturbed(LiveSource source, Event event) throws Exception {
        try (source;
                var database = TestDatabase.migrated()) {
            var outcome = Scenarios.ingest(database.database(), Scenarios.anchor(SCENARIO))
                    .run(source, position -> {
                        if (position.last() >= FIRST_TIP) {
                            event.after(position.last());
                            long tip = position.last() < restFrom ? position.last() + step : LAST;
                            nodes.forEach(each -> each.growTo(Math.min(tip, LAST)));
                        }
                    });
            assertThat(outcome.last()).isEqualTo(LAST);
            assertThat(TableDigests.of(database.database())).isEqualTo(undisturbed);
        }
    }

    private static void awaitSubscriber(FakeFullNode node) {
        for (long until = System.nanoTime() + 20_000_000_000L; !node.hasSubscriber(); ) {
            assertThat(System.nanoTime()).as("no subscriber").isLessThan(until);
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void theTipComesByTheStream() throws Exception {
        restFrom = LAST;
        var node = node();
        followsUndisturbed(source(node), _ -> awaitSubscriber(node));
        assertThat(node.subscriptions).hasValue(1);
        assertThat(node.given).as("asked for before the tip").contains(FIRST, FIRST_TIP);
        assertThat(node.given).as("asked for at the tip").hasSizeLessThan((int) (FIRST_TIP - FIRST) + 20);
    }

    @Test
    void aStreamThatStallsIsSubscribedToAnew() throws Exception {
        manners = manners.withIdle(Duration.ofMillis(300));
        var node = node();
        node.frames = number -> number < 1060 || node.subscriptions.get() > 1 ? List.of(number) : List.of();
        followsUndisturbed(source(node), checkpoint -> {
            if (checkpoint < 1060) {
                awaitSubscriber(node);
            }
        });
        assertThat(node.subscriptions).hasValueGreaterThan(1);
    }

    @Test
    void aStreamThatBreaksOffIsSubscribedToAnew() throws Exception {
        restFrom = LAST;
        var node = node();
        followsUndisturbed(source(node), checkpoint -> {
            awaitSubscriber(node);
            if (checkpoint % 20 == 0) {
                node.endStreams();
                awaitSubscriber(node);
            }
        });
        assertThat(node.subscriptions)
                .as("the first, and after 1040, 1060 … 1140")
                .hasValue(7);
    }

    @Test
    void repeatedCheckpointsDoNoHarm() throws Exception {
        var node = node();
        node.frames = number -> List.of(number, number, number - 1, number);
        followsUndisturbed(source(node), _ -> awaitSubscriber(node));
        assertThat(node.subscriptions).hasValue(1);
    }

    @Test
    void aGapInTheStreamIsFilled() throws Exception {
        restFrom = LAST;
        var node = node();
        step = 3;
        node.frames = number -> number % 10 == 0 ? List.of() : List.of(number);
        followsUndisturbed(source(node), _ -> {});
        assertThat(node.given).contains(1050L, 1060L, 1070L, 1140L);
    }

    @Test
    void checkpointsOutOfOrderAreAskedForInOrder() throws Exception {
        var node = node();
        step = 4;
        node.frames = number -> switch ((int) number % 4) {
            case 0 -> List.of();
            case 1 -> List.of(number, number - 1);
            default -> List.of(number);
        };
        followsUndisturbed(source(node), _ -> {});
    }

    @Test
    void aServerThatRestartsIsConnectedToAgain() throws Exception {
        restFrom = LAST;
        var node = node();
        var restarts = new HashSet<Long>();
        followsUndisturbed(source(node), checkpoint -> {
            if (checkpoint % 40 == 0 && restarts.add(checkpoint)) {
                node.restart();
            }
        });
        assertThat(restarts).containsExactlyInAnyOrder(1040L, 1080L, 1120L);
    }

    @Test
    void anotherChainIsRefused() throws Exception {
        var node = node();
        node.chainId = OTHER_CHAIN;
        try (var source = source(node);
                var database = TestDatabase.migrated()) {
            assertThatThrownBy(() -> Scenarios.ingest(database.database(), Scenarios.anchor(SCENARIO))
                            .run(source, Progress.SILENT))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("serves chain 69WiPg3DAQiwdxfncX6wYQ2siKwAe6L9BZthQea3JNMD, not 4btiui")
                    .hasMessageContaining("another chain");
        }
        assertThat(node.given).isEmpty();
        assertThat(node.subscriptions).hasValue(0);
    }

    @Test
    void aNodeThatIsOnAnotherChainAfterARestartIsAskedNoMore() throws Exception {
        var turncoat = node();
        var honest = node();
        var given = new AtomicLong();
        followsUndisturbed(source(turncoat, honest), checkpoint -> {
            if (checkpoint == 1080) {
                turncoat.chainId = OTHER_CHAIN;
                turncoat.restart();
                given.set(turncoat.given.size());
            }
        });
        assertThat(turncoat.given).hasSize((int) given.get());
        assertThat(honest.subscriptions).as("streams of the other").hasPositiveValue();
    }

    @Test
    void aSingleNodeThatComesBackWithAnotherChainStopsTheSource() throws Exception {
        ticker = new QuickTicker(); // who is refused rests for a minute
        var turncoat = node();
        var left = new AtomicLong(Long.MAX_VALUE);
        assertThatThrownBy(() -> followsUndisturbed(source(turncoat), checkpoint -> {
                    if (checkpoint >= 1080 && left.get() == Long.MAX_VALUE) {
                        left.set(checkpoint);
                        turncoat.chainId = OTHER_CHAIN;
                        turncoat.restart();
                    }
                }))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("serves chain 69WiPg3DAQiwdxfncX6wYQ2siKwAe6L9BZthQea3JNMD, not 4btiui");
    }

    private static Checkpoint signedByOthers(Checkpoint checkpoint) {
        return checkpoint.getSequenceNumber() < 1050
                ? checkpoint
                : checkpoint.toBuilder()
                        .setSignature(FakeFullNode.checkpoint("money", 2000).getSignature().toBuilder()
                                .setEpoch(checkpoint.getSignature().getEpoch()))
                        .build();
    }

    @Test
    void aCertificateOfTheWrongCommitteeStopsASingleNode() throws Exception {
        var liar = node();
        liar.change = LiveIngestTest::signedByOthers;
        liar.tip = LAST;
        try (var source = source(liar);
                var database = TestDatabase.migrated()) {
            var reached = new AtomicLong();
            assertThatThrownBy(() -> Scenarios.ingest(database.database(), Scenarios.anchor(SCENARIO))
                            .run(source, position -> reached.set(position.last())))
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("checkpoint 1050: bad signature");
            assertThat(reached).hasValue(1049);
        }
    }

    @Test
    void aCertificateOfTheWrongCommitteeIsAskedFromAnotherNode() throws Exception {
        var liar = node();
        var honest = node();
        liar.change = LiveIngestTest::signedByOthers;
        followsUndisturbed(source(liar, honest), _ -> {});
        assertThat(honest.given).contains(1050L);
    }

    @Test
    void checkpointsThatLackWhatTheirEffectsNameAreAskedFromAnotherNode() throws Exception {
        var liar = node();
        var honest = node();
        liar.change = checkpoint -> checkpoint.getSequenceNumber() < 1020
                ? checkpoint
                : checkpoint.toBuilder().clearObjects().build();
        followsUndisturbed(source(liar, honest), _ -> {});
    }

    @Test
    void damagedCheckpointsAreAskedFromAnotherNode() throws Exception {
        var broken = node();
        var whole = node();
        broken.change = checkpoint -> checkpoint.getSequenceNumber() < 1020
                ? checkpoint
                : checkpoint.toBuilder().clearSummary().build();
        followsUndisturbed(source(broken, whole), _ -> {});
    }

    @Test
    void whenEveryNodeLiesTheReasonStands() throws Exception {
        var one = node();
        var other = node();
        one.change = LiveIngestTest::signedByOthers;
        other.change = LiveIngestTest::signedByOthers;
        one.tip = LAST;
        other.tip = LAST;
        try (var source = source(one, other);
                var database = TestDatabase.migrated()) {
            assertThatThrownBy(() -> Scenarios.ingest(database.database(), Scenarios.anchor(SCENARIO))
                            .run(source, Progress.SILENT))
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("checkpoint 1050: bad signature");
        }
    }

    private static Checkpoint padded(Checkpoint checkpoint, int bytes) {
        return checkpoint.toBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                999,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFrom(new byte[bytes]))
                                        .build())
                        .build())
                .build();
    }

    @Test
    void aCheckpointLargerThanTheUsualLimitOfGrpcIsRead() throws Exception {
        var node = node();
        node.change = checkpoint -> Set.of(1010L, 1070L).contains(checkpoint.getSequenceNumber())
                ? padded(checkpoint, 9 << 20)
                : checkpoint;
        followsUndisturbed(source(node), _ -> {});
    }

    @Test
    void anOversizedMessageIsAskedFromAnotherNode() throws Exception {
        var boaster = node();
        var honest = node();
        boaster.change = checkpoint -> Set.of(1010L, 1070L).contains(checkpoint.getSequenceNumber())
                ? padded(checkpoint, 130 << 20)
                : checkpoint;
        followsUndisturbed(source(boaster, honest), _ -> {});
    }

    @Test
    void aMinuteOfUnavailableIsSatOut() throws Exception {
        var clock = new QuickTicker();
        ticker = clock;
        var node = node();
        var backAt = new AtomicLong(Long.MIN_VALUE);
        node.refusal = () -> clock.nanos() < backAt.get()
                ? Optional.of(Status.UNAVAILABLE.withDescription("maintenance"))
                : Optional.empty();
        followsUndisturbed(source(node), checkpoint -> {
            if (checkpoint == 1080) {
                backAt.set(clock.nanos() + Duration.ofMinutes(1).toNanos());
                node.endStreams();
                node.calls.set(0);
            }
        });
        assertThat(clock.nanos()).isGreaterThan(backAt.get());
    }

    @Test
    void theOtherNodeIsAskedWhenOneGoesAway() throws Exception {
        var leaver = node();
        var stayer = node();
        followsUndisturbed(source(leaver, stayer), checkpoint -> {
            if (checkpoint == 1080) {
                leaver.close();
            }
        });
        assertThat(stayer.given).isNotEmpty();
        assertThat(stayer.subscriptions).hasPositiveValue();
    }

    @Test
    void whatAFullNodePrunedComesFromTheArchive() throws Exception {
        var pruned = node();
        var archive = node();
        pruned.lowest = 1030;
        archive.hasStreams = false;
        followsUndisturbed(source(pruned, archive), _ -> {});
        assertThat(archive.given).contains(FIRST, 1029L);
        assertThat(pruned.given).doesNotContain(FIRST, 1029L);
    }

    @Test
    void whatEveryNodePrunedIsSaidWithItsRange() throws Exception {
        var pruned = node();
        pruned.lowest = 1030;
        try (var source = source(pruned);
                var database = TestDatabase.migrated()) {
            assertThatThrownBy(() -> Scenarios.ingest(database.database(), Scenarios.anchor(SCENARIO))
                            .run(source, Progress.SILENT))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("nobody has checkpoint 1000")
                    .hasMessageContaining("has checkpoints 1030 to 1040");
        }
    }

    @Test
    void aNodeWithoutStreamsIsAskedForItsTip() throws Exception {
        ticker = new QuickTicker();
        var node = node();
        node.hasStreams = false;
        followsUndisturbed(source(node), _ -> {});
        assertThat(node.given).contains(LAST);
        assertThat(node.subscriptions).hasValue(0);
    }

    @Test
    void aStoreFillsInWhatTheNodeHasNot() throws Exception {
        var pruned = node();
        pruned.lowest = FIRST_TIP;
        var store = store(Map.of());
        try {
            var identity = new ChainIdentity(Optional.of(Digest.parse(FakeFullNode.CHAIN)));
            var endpoints = List.of(
                    new FullNode(pruned.address(), identity, manners, ticker),
                    new CheckpointStore(
                            URI.create("http://127.0.0.1:" + store.getAddress().getPort())));
            followsUndisturbed(
                    new LiveSource(
                            endpoints, new LiveSource.Start.At(FIRST), Optional.of(LAST), StoreSource.AtTip.WAIT),
                    _ -> awaitSubscriber(pruned));
            assertThat(pruned.given).doesNotContain(FIRST);
        } finally {
            store.stop(0);
        }
    }

    @Test
    void anEmptyDatabaseBeginsAtTheTipAndGoesOnFromThere() throws Exception {
        var node = node();
        var reached = new ArrayList<Long>();
        try (var database = TestDatabase.migrated()) {
            for (long until : List.of(FIRST_TIP + 5, FIRST_TIP + 9)) {
                var identity = new ChainIdentity(Optional.empty());
                try (var source = new LiveSource(
                        List.of(new FullNode(node.address(), identity, manners, ticker)),
                        new LiveSource.Start.AtTip(),
                        Optional.of(until),
                        StoreSource.AtTip.WAIT)) {
                    var outcome = Scenarios.ingest(database.database(), Scenarios.anchor(SCENARIO))
                            .run(source, position -> node.growTo(position.last() + 1));
                    reached.addAll(List.of(outcome.first(), outcome.last()));
                    assertThat(identity.chain()).contains(Digest.parse(FakeFullNode.CHAIN));
                }
            }
        }
        assertThat(reached).containsExactly(FIRST_TIP, FIRST_TIP + 5, FIRST_TIP + 6, FIRST_TIP + 9);
    }

    private LiveSource fromTheTip(Endpoint... endpoints) {
        return new LiveSource(
                List.of(endpoints), new LiveSource.Start.AtTip(), Optional.empty(), StoreSource.AtTip.END, ticker);
    }

    private FullNode fullNode(FakeFullNode node) {
        return new FullNode(
                node.address(), new ChainIdentity(Optional.of(Digest.parse(FakeFullNode.CHAIN))), manners, ticker);
    }

    @Test
    void theTipIsAskedOfAnotherNodeWhereOneIsAwayOrOnAnotherChain() throws Exception {
        var away = node();
        away.close();
        var foreign = node();
        foreign.chainId = OTHER_CHAIN;
        try (var source = fromTheTip(fullNode(away), fullNode(foreign), fullNode(node()))) {
            assertThat(source.first()).isEqualTo(FIRST_TIP);
            assertThat(source.status().getFirst().fault())
                    .hasValueSatisfying(fault -> assertThat(fault).startsWith("UNAVAILABLE"));
            assertThat(source.status().get(1).fault())
                    .hasValueSatisfying(fault -> assertThat(fault).contains("another chain"));
        }
    }

    @Test
    void theTipIsWaitedForWhileNobodyAnswers() throws Exception {
        var clock = new QuickTicker();
        ticker = clock;
        var node = node();
        long backAt = Duration.ofMinutes(1).toNanos();
        node.refusal = () -> clock.nanos() < backAt ? Optional.of(Status.UNAVAILABLE) : Optional.empty();
        try (var source = fromTheTip(fullNode(node))) {
            assertThat(source.first()).isEqualTo(FIRST_TIP);
        }
        assertThat(node.calls.get()).as("asked in growing pauses").isBetween(5, 15);
    }

    @Test
    void theTipIsNotWaitedForWhereEverybodyIsOnAnotherChain() throws Exception {
        var foreign = node();
        foreign.chainId = OTHER_CHAIN;
        try (var source = fromTheTip(fullNode(foreign))) {
            assertThatThrownBy(source::first)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("nobody tells which checkpoint is the last")
                    .hasMessageContaining("another chain");
        }
    }

    @Test
    void theTipOfAStoreIsTakenOnlyWhereNodesAreOfNoUse() throws Exception {
        ticker = new QuickTicker();
        var node = node();
        var failures = new AtomicLong(3);
        node.refusal = () -> failures.getAndDecrement() > 0 ? Optional.of(Status.UNAVAILABLE) : Optional.empty();
        var store = store(Map.of("/epochs.json", "[7, 1012]"));
        try {
            var base = URI.create("http://127.0.0.1:" + store.getAddress().getPort());
            try (var source = fromTheTip(new CheckpointStore(base), fullNode(node))) {
                assertThat(source.first()).as("after some failures").isEqualTo(FIRST_TIP);
            }
            node.close();
            try (var source = fromTheTip(new CheckpointStore(base), fullNode(node))) {
                assertThat(source.first()).as("after many").isEqualTo(1012);
            }
        } finally {
            store.stop(0);
        }
    }

    /** A store with some files, and the checkpoints of the scenario besides. */
    private HttpServer store(Map<String, String> files) throws Exception {
        var store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", exchange -> {
            storeAsked.incrementAndGet();
            String path = exchange.getRequestURI().getPath();
            var file = Scenarios.directory(SCENARIO).resolve(path.substring(1));
            byte[] body = files.containsKey(path)
                    ? files.get(path).getBytes(StandardCharsets.UTF_8)
                    : Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
            try (exchange) {
                exchange.sendResponseHeaders(body.length > 0 ? 200 : 404, body.length > 0 ? body.length : -1);
                exchange.getResponseBody().write(body);
            }
        });
        store.start();
        return store;
    }

    @Test
    void aDatabaseOfAnotherChainIsNotGoneOnWith() throws Exception {
        var network = new WalrusNetwork(
                "devnet",
                Optional.empty(),
                WalrusNetwork.mainnet().walrus(),
                WalrusNetwork.mainnet().wal(),
                WalrusNetwork.mainnet().walrusSubsidies(),
                WalrusNetwork.mainnet().subsidies(),
                WalrusNetwork.mainnet().walExchange(),
                WalrusNetwork.mainnet().walrusSites(),
                WalrusNetwork.mainnet().objects());
        var node = node();
        try (var database = TestDatabase.migrated()) {
            var ingest = new Ingest(
                    database.database(),
                    network,
                    Optional.empty(),
                    new TrustAnchor.Unverified(),
                    Ingest.Limits.ofThisMachine());
            try (var source = untilTip(node)) {
                assertThat(ingest.run(source, Progress.SILENT).last()).isEqualTo(FIRST_TIP);
            }
            node.chainId = OTHER_CHAIN;
            try (var source = untilTip(node)) {
                assertThatThrownBy(() -> ingest.run(source, Progress.SILENT))
                        .isInstanceOf(ChainException.class)
                        .hasMessageContaining("serves chain 69WiPg3")
                        .hasMessageContaining("holds 4btiuiM");
            }
        }
    }

    private LiveSource untilTip(FakeFullNode node) {
        return new LiveSource(
                List.of(new FullNode(node.address(), new ChainIdentity(Optional.empty()), manners, ticker)),
                new LiveSource.Start.At(FIRST),
                Optional.empty(),
                StoreSource.AtTip.END);
    }

    @Test
    void whatIsMadeBetweenTwoQuestionsIsNotTakenForPruned() throws Exception {
        var node = node();
        try (var source = untilTip(node)) {
            assertThat(source.fetch(FIRST, Room.UNBOUNDED)).as("connected").isPresent();
            node.beforeRange = () -> node.growTo(FIRST_TIP + 1);
            assertThat(source.fetch(FIRST_TIP + 1, Room.UNBOUNDED))
                    .as("not yet")
                    .isEmpty();
            assertThat(source.fetch(FIRST_TIP + 1, Room.UNBOUNDED)).isPresent();
        }
    }

    private LiveSource bounded(Endpoint... endpoints) {
        return new LiveSource(
                List.of(endpoints), new LiveSource.Start.At(FIRST), Optional.empty(), StoreSource.AtTip.END, ticker);
    }

    @Test
    void aBoundedSourceDoesNotEndWhileSomebodyWasNotHeard() throws Exception {
        var clock = new QuickTicker();
        ticker = clock;
        var behind = node();
        var away = node();
        away.tip = LAST;
        long backAt = Duration.ofMinutes(1).toNanos();
        away.refusal = () -> clock.nanos() < backAt ? Optional.of(Status.UNAVAILABLE) : Optional.empty();
        try (var source = bounded(fullNode(behind), fullNode(away))) {
            assertThat(source.fetch(LAST, Room.UNBOUNDED)).isPresent();
            assertThat(source.fetch(LAST + 1, Room.UNBOUNDED))
                    .as("what nobody has")
                    .isEmpty();
        }
    }

    @Test
    void whoHasItNotIsAskedLessAndLessWhileSomebodyRests() throws Exception {
        var clock = new QuickTicker();
        ticker = clock;
        var away = node();
        long backAt = Duration.ofMinutes(5).toNanos();
        away.refusal = () -> clock.nanos() < backAt ? Optional.of(Status.UNAVAILABLE) : Optional.empty();
        var store = store(Map.of("/epochs.json", "[%d]".formatted(LAST + 100)));
        try {
            var base = URI.create("http://127.0.0.1:" + store.getAddress().getPort());
            away.tip = LAST - 1;
            try (var source = bounded(fullNode(away), new CheckpointStore(base))) {
                assertThat(source.fetch(LAST + 1, Room.UNBOUNDED)).isEmpty();
            }
        } finally {
            store.stop(0);
        }
        assertThat(storeAsked).as("and once for its list of epochs").hasValueBetween(5, 25);
        assertThat(clock.pausesOf(Thread.currentThread().getName()))
                .as("a pause of the node's each")
                .hasSizeLessThan(40);
    }

    @Test
    void aNodeThatHasNothingNewIsNotTakenToHaveWhatItWasAskedFor() throws Exception {
        var node = node();
        var store = store(Map.of());
        try (var source = bounded(
                fullNode(node),
                new CheckpointStore(
                        URI.create("http://127.0.0.1:" + store.getAddress().getPort())))) {
            assertThat(source.fetch(LAST + 30, Room.UNBOUNDED)).isEmpty();
            assertThat(source.status())
                    .extracting(LiveSource.Status::tip)
                    .as("by its own word, and unknown")
                    .containsExactly(FIRST_TIP, -1L);
        } finally {
            store.stop(0);
        }
    }

    @Test
    void aStreamThatCountsWronglyMakesNobodyLookLagging() throws Exception {
        var boaster = node();
        var honest = node();
        honest.hasStreams = false;
        step = 10;
        boaster.cursor = number -> number + (1L << 60);
        var source = source(boaster, honest);
        followsUndisturbed(source, _ -> {});
        assertThat(source.status()).allSatisfy(each -> assertThat(each.tip()).isLessThanOrEqualTo(LAST));
    }

    @Test
    void whatTheStreamHasBroughtIsNotWaitedFor() throws Exception {
        var pauses = new CopyOnWriteArrayList<Duration>();
        ticker = new Ticker() {
            @Override
            public long nanos() {
                return Ticker.SYSTEM.nanos();
            }

            @Override
            public void sleep(Duration pause) throws InterruptedException {
                pauses.add(pause);
                Ticker.SYSTEM.sleep(pause);
            }
        };
        var node = node();
        try (var source = source(node)) {
            awaitSubscriber(node);
            assertThat(source.fetch(FIRST_TIP, Room.UNBOUNDED)).isPresent();
            node.growTo(FIRST_TIP + 1);
            while (source.status().getFirst().tip() <= FIRST_TIP) {
                LockSupport.parkNanos(100_000);
            }
            pauses.clear();
            source.awaitNext(FIRST_TIP + 1);
            assertThat(pauses).isEmpty();
        }
    }

    @Test
    void whoCannotBeReachedIsTriedUntilItCan() throws Exception {
        ticker = new QuickTicker();
        var node = node();
        var late = source(node);
        node.close();
        Thread.ofPlatform().start(() -> {
            while (late.status().getFirst().fault().isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
            node.restart();
        });
        followsUndisturbed(late, _ -> {});
    }

    @Test
    void whoBreaksOffEachTimeIsLeftAloneForLonger() throws Exception {
        var clock = new QuickTicker();
        ticker = clock;
        var node = node();
        node.endsStreams = true;
        try (var source = source(node)) {
            for (long until = System.nanoTime() + 20_000_000_000L;
                    clock.pausesOf("tip-stream").size() < 12; ) {
                assertThat(System.nanoTime())
                        .as("%s", clock.pausesOf("tip-stream"))
                        .isLessThan(until);
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(source.status().getFirst().fault()).hasValue("UNAVAILABLE: too many subscribers");
        }
        var pauses = clock.pausesOf("tip-stream");
        for (int i = 0; i < pauses.size(); i++) {
            // A tenth of a second, twice as much, and so on up to a quarter of a minute; a quarter is by chance.
            long leastMillis = Math.min(15_000, 100L << i);
            assertThat(pauses.get(i).toMillis()).as("pause %d", i).isBetween(leastMillis, leastMillis * 5 / 4);
        }
    }

    @Test
    void aNodeIsNotAskedMoreOftenThanItServes() throws Exception {
        var clock = new QuickTicker();
        ticker = clock;
        int requests = 20;
        var period = Duration.ofSeconds(30);
        manners = new FullNode.Manners(Duration.ofSeconds(30), Duration.ofSeconds(30), Optional.of(requests), period);
        var node = node();
        followsUndisturbed(source(node), _ -> {});
        // Half at once, and half in each period after it.
        long allowed = requests / 2 + clock.nanos() * (requests / 2) / period.toNanos();
        assertThat(node.calls.get()).isGreaterThan(50).isLessThanOrEqualTo((int) allowed);
    }

    @Test
    void allWhoAskANodeShareItsLimitAndSoDoesWhoComesLater() throws Exception {
        var clock = new QuickTicker();
        ticker = clock;
        int requests = 20;
        var period = Duration.ofSeconds(30);
        manners = new FullNode.Manners(Duration.ofSeconds(30), Duration.ofSeconds(30), Optional.of(requests), period);
        var node = node();
        var limits = new RateLimits(clock);
        var identity = new ChainIdentity(Optional.of(Digest.parse(FakeFullNode.CHAIN)));
        for (int i = 0; i < 4; i++) {
            try (var one = new FullNode(node.address(), identity, manners, limits);
                    var other = new FullNode(node.address(), identity, manners, limits);
                    var followed = bounded(one);
                    var history = bounded(other)) {
                for (long number = FIRST; number < FIRST + 6; number++) {
                    assertThat(followed.fetch(number, Room.UNBOUNDED)).isPresent();
                    assertThat(history.fetch(number, Room.UNBOUNDED)).isPresent();
                }
            }
        }
        long allowed = requests / 2 + clock.nanos() * (requests / 2) / period.toNanos();
        assertThat(node.calls.get()).isGreaterThan(48).isLessThanOrEqualTo((int) allowed);
    }

    @Test
    void aFaultOfOursDoesNotEndAllStreams() throws Exception {
        var faults = new AtomicInteger();
        ticker = new Ticker() {
            @Override
            public long nanos() {
                if (Thread.currentThread().getName().equals("tip-stream") && faults.getAndIncrement() % 20 == 0) {
                    throw new AssertionError("as it happens");
                }
                return Ticker.SYSTEM.nanos();
            }

            @Override
            public void sleep(Duration pause) throws InterruptedException {
                Ticker.SYSTEM.sleep(pause);
            }
        };
        var node = node();
        step = 5;
        followsUndisturbed(source(node), _ -> awaitSubscriber(node));
        assertThat(node.subscriptions).as("whatever failed").hasValueGreaterThan(1);
    }

    @Test
    void whatIsTooLargeForAStreamIsAskedFor() throws Exception {
        var node = node();
        node.change = checkpoint -> checkpoint.getSequenceNumber() == 1070 ? padded(checkpoint, 33 << 20) : checkpoint;
        step = 5;
        followsUndisturbed(source(node), _ -> awaitSubscriber(node));
        assertThat(node.given).contains(1070L);
        assertThat(node.subscriptions).as("and the stream goes on anew").hasValueGreaterThan(1);
    }

    @Test
    void theFasterNodeIsAskedMore() throws Exception {
        restFrom = LAST;
        var slow = node();
        var fast = node();
        slow.hasStreams = false;
        fast.hasStreams = false;
        step = 30;
        slow.change = checkpoint -> {
            LockSupport.parkNanos(200_000_000); // more than is guessed of one that was never asked
            return checkpoint;
        };
        followsUndisturbed(source(slow, fast), _ -> {});
        assertThat(fast.given).hasSizeGreaterThan(3 * slow.given.size());
    }

    @Test
    void whichFilteredReadsANodeHasIsFoundOutAtTheStart() throws Exception {
        var modern = node();
        var old = node();
        modern.hasLists = true;
        try (var source = source(modern, old)) {
            for (long until = System.nanoTime() + 20_000_000_000L;
                    source.status().stream().anyMatch(each -> each.filtered().isEmpty()); ) {
                assertThat(System.nanoTime()).as("%s", source.status()).isLessThan(until);
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(source.status())
                    .extracting(each -> each.filtered().orElseThrow().toString())
                    .containsExactly(
                            "listsTransactions=true listsEvents=false", "listsTransactions=false listsEvents=false");
        }
    }

    /** A clock on which every pause is over at once. */
    private static final class QuickTicker implements Ticker {
        private final AtomicLong nanos = new AtomicLong();
        private final Map<String, List<Duration>> pauses = new ConcurrentHashMap<>();

        List<Duration> pausesOf(String thread) {
            return pauses.getOrDefault(thread, List.of());
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
            pauses.computeIfAbsent(Thread.currentThread().getName(), _ -> new CopyOnWriteArrayList<>())
                    .add(pause);
            nanos.addAndGet(pause.toNanos());
            LockSupport.parkNanos(1_000_000); // for others to get on
        }
    }
}
