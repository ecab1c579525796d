package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import dev.vibrissa.indexer.source.ChainIdentity;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import dev.vibrissa.indexer.source.Endpoint;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.source.FullNode;
import dev.vibrissa.indexer.source.LiveSource;
import dev.vibrissa.indexer.source.Room;
import dev.vibrissa.indexer.source.StoreSource;
import dev.vibrissa.indexer.source.Ticker;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.rpc.v2.Checkpoint;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** History filled in behind ends with the tables of a database that was indexed from the start. */
@Timeout(120)
class BackfillTest {

    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource({"blob-life, 1047", "governance, 4050", "busy, 5100"})
    void whatBeganAnywhereEndsAsIfItHadBegunAtTheStart(String scenario, long begin) throws Exception {
        beginAnywhere(scenario, begin);
    }

    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource({
        "blob-life, 1143",
        "blob-life, 1001",
        "blob-life, 1100",
        "blob-life, 1013",
        "governance, 4110",
        "governance, 4080",
        "governance, 4020",
        "busy, 5180",
        "busy, 5040"
    })
    @Tag("soak")
    void soDoesWhatBeganInMorePlaces(String scenario, long begin) throws Exception {
        beginAnywhere(scenario, begin);
    }

    private static void beginAnywhere(String scenario, long begin) throws Exception {
        try (var straight = TestDatabase.migrated();
                var announced = TestDatabase.migrated();
                var late = TestDatabase.migrated();
                var source = Scenarios.source(scenario)) {
            long first = source.first();
            long last = source.last().orElseThrow();
            Scenarios.ingest(straight.database(), new TrustAnchor.Unverified()).run(source, Progress.SILENT);
            var expected = TableDigests.of(straight.database());

            var backfill = backfill(announced.database(), Ingest.Limits.ofThisMachine());
            backfill.announce(first);
            Scenarios.ingest(announced.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part(scenario, begin, last), Progress.SILENT);
            var outcome = backfill.run(source, first, Backfill.Progress.SILENT);
            assertThat(outcome).contains(new Backfill.Outcome(first, begin - first, true));
            assertThat(TableDigests.of(announced.database())).as("announced").isEqualTo(expected);

            Scenarios.ingest(late.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part(scenario, begin, last), Progress.SILENT);
            backfill(late.database(), Ingest.Limits.ofThisMachine().withBatchOf(3))
                    .run(source, first, Backfill.Progress.SILENT);
            assertThat(TableDigests.of(late.database()))
                    .as("decided upon later")
                    .isEqualTo(expected);
        }
    }

    @Test
    void historyMayBeFilledInPieceByPiece() throws Exception {
        try (var database = TestDatabase.migrated();
                var source = Scenarios.source("blob-life")) {
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", 1100, 1143), Progress.SILENT);
            for (long goal : new long[] {1071, 1047, 1013, 1000}) {
                backfill(database.database(), Ingest.Limits.ofThisMachine())
                        .run(source, goal, Backfill.Progress.SILENT);
                try (var straight = TestDatabase.migrated()) {
                    Scenarios.ingest(straight.database(), new TrustAnchor.Unverified())
                            .run(Scenarios.part("blob-life", goal, 1143), Progress.SILENT);
                    assertThat(TableDigests.of(database.database()))
                            .as("from " + goal)
                            .isEqualTo(TableDigests.of(straight.database()));
                }
            }
        }
    }

    @Test
    void theTipGoesOnMeanwhile() throws Exception {
        try (var straight = TestDatabase.migrated();
                var both = TestDatabase.migrated();
                var source = Scenarios.source("busy")) {
            Scenarios.ingest(straight.database(), new TrustAnchor.Unverified()).run(source, Progress.SILENT);
            Scenarios.ingest(both.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("busy", 5090, 5091), Progress.SILENT);
            try (var threads = Executors.newFixedThreadPool(1)) {
                var tip = threads.submit(() -> new Ingest(
                                both.database(),
                                WalrusNetwork.mainnet(),
                                Optional.of("synthetic chain"),
                                new TrustAnchor.Unverified(),
                                Ingest.Limits.ofThisMachine().withBatchOf(1))
                        .run(Scenarios.source("busy"), Progress.SILENT));
                backfill(both.database(), Ingest.Limits.ofThisMachine().withBatchOf(1))
                        .run(source, 5000, Backfill.Progress.SILENT);
                tip.get();
            }
            assertThat(TableDigests.of(both.database())).isEqualTo(TableDigests.of(straight.database()));
        }
    }

    /** Else the two would wait for each other: for the source's row, and for the watermarks. */
    @Test
    void aTipThatWaitsForItsSourceHoldsNobodyUp() throws Exception {
        try (var database = TestDatabase.migrated();
                var source = Scenarios.source("blob-life");
                var thread = Executors.newSingleThreadExecutor()) {
            var anchor = Scenarios.anchor("blob-life");
            try (var known = Scenarios.source("blob-life")) {
                Scenarios.ingest(database.database(), anchor).run(known, Progress.SILENT);
            }
            var backfill = backfill(database.database(), Ingest.Limits.ofThisMachine());
            var filled = new AtomicBoolean();
            var waiting = new CheckpointSource() {
                private final CheckpointSource places = Scenarios.source("blob-life");

                @Override
                public Optional<RawCheckpoint> fetch(long sequenceNumber, Room room) throws InterruptedException {
                    if (!filled.getAndSet(true)) {
                        try {
                            thread.submit(() -> backfill.run(source, 1000, Backfill.Progress.SILENT))
                                    .get(30, TimeUnit.SECONDS);
                        } catch (ExecutionException | TimeoutException fault) {
                            throw new AssertionError("the backfill did not get through", fault);
                        }
                    }
                    return places.fetch(sequenceNumber, room);
                }

                @Override
                public String kind() {
                    return places.kind();
                }

                @Override
                public String location() {
                    return places.location();
                }

                @Override
                public long first() throws InterruptedException {
                    return places.first();
                }

                @Override
                public Optional<Long> last() {
                    return places.last();
                }

                @Override
                public void close() {
                    places.close();
                }
            };
            Scenarios.ingest(database.database(), anchor).run(waiting, Progress.SILENT);
            assertThat(filled).isTrue();
        }
    }

    @Test
    void theTipGoesFirst() throws Exception {
        try (var database = TestDatabase.migrated();
                var source = Scenarios.source("blob-life")) {
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", 1100, 1143), Progress.SILENT);
            var tip = TipPriority.ofATip();
            var backfill = new Backfill(
                    database.database(),
                    WalrusNetwork.mainnet(),
                    Optional.of("synthetic chain"),
                    Ingest.Limits.ofThisMachine(),
                    tip);
            try (var thread = Executors.newSingleThreadExecutor()) {
                var filling = thread.submit(() -> backfill.run(source, 1000, Backfill.Progress.SILENT));
                assertThatThrownBy(() -> filling.get(500, TimeUnit.MILLISECONDS))
                        .isInstanceOf(TimeoutException.class);
                assertThat(TableRows.of(
                                database.database(), "select first_checkpoint from watermark where pipeline = 'facts'"))
                        .containsExactly("1100");
                tip.catchUp();
                assertThat(filling.get().orElseThrow().goalReached()).isTrue();
            }
        }
    }

    @Test
    void whatLeadsToAVerifiedCheckpointIsVerifiedByDigests() throws Exception {
        try (var database = TestDatabase.migrated();
                var straight = TestDatabase.migrated();
                var source = Scenarios.source("blob-life")) {
            Scenarios.ingest(straight.database(), "blob-life");
            var committees = TableRows.of(
                    straight.database(), "select encode(committee_bcs, 'hex') from sui_committee order by sui_epoch");
            var later = committeeOf(straight.database(), 1071);
            Scenarios.ingest(database.database(), new TrustAnchor.OfCommittee(later))
                    .run(Scenarios.part("blob-life", 1071, 1143), Progress.SILENT);
            backfill(database.database(), Ingest.Limits.ofThisMachine()).run(source, 1000, Backfill.Progress.SILENT);
            assertThat(TableRows.of(database.database(), """
                            select verification, min(sequence_number), max(sequence_number) from checkpoint
                            group by verification order by 2
                            """))
                    .containsExactly("hash-chain|1000|1070", "certificate|1071|1143");
            assertThat(TableRows.of(
                            database.database(),
                            "select encode(committee_bcs, 'hex') from sui_committee order by sui_epoch"))
                    .as("all but the first, which nobody handed over")
                    .isEqualTo(committees.subList(1, committees.size()));
        }
    }

    private static Committee committeeOf(Database database, long checkpoint) throws Exception {
        var hex = TableRows.of(database, """
                select encode(s.committee_bcs, 'hex') from sui_committee s join checkpoint c using (sui_epoch)
                where c.sequence_number = %d
                """.formatted(checkpoint));
        return BcsReader.decode(HexFormat.of().parseHex(hex.getFirst()), Committee::decode);
    }

    @Test
    void anotherChainIsRefusedAndNothingOfItKept() throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", 1004, 1020), Progress.SILENT);
            var other = FileSource.of(List.of(
                    Scenarios.fixture("synthetic-walrus-1000-register-certify.binpb.zst"),
                    Scenarios.fixture("synthetic-walrus-1001-all-events.binpb.zst"),
                    Scenarios.fixture("synthetic-walrus-1002-epoch-end.binpb.zst"),
                    Scenarios.fixture("synthetic-walrus-1003-next-epoch.binpb.zst")));
            var before = facts(database.database());
            assertThatThrownBy(() -> backfill(database.database(), Ingest.Limits.ofThisMachine())
                            .run(other, 1000, Backfill.Progress.SILENT))
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("checkpoint 1004 says its predecessor is")
                    .hasMessageContaining("another chain or a fork");
            assertThat(facts(database.database())).isEqualTo(before);
        }
    }

    @Test
    void aSourceThatEndsEarlyIsFilledInAsFarAsItGoes() throws Exception {
        try (var database = TestDatabase.migrated();
                var straight = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", 1100, 1143), Progress.SILENT);
            assertThat(backfill(database.database(), Ingest.Limits.ofThisMachine())
                            .run(Scenarios.part("blob-life", 1047, 1143), 1000, Backfill.Progress.SILENT))
                    .contains(new Backfill.Outcome(1047, 53, false));
            Scenarios.ingest(straight.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", 1047, 1143), Progress.SILENT);
            assertThat(TableDigests.of(database.database())).isEqualTo(TableDigests.of(straight.database()));
        }
    }

    @Test
    void whereEverybodyHasPrunedItWhatCouldBeHadIsShown() throws Exception {
        try (var node = new FakeFullNode("blob-life", 1143);
                var database = TestDatabase.migrated();
                var straight = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", 1100, 1143), Progress.SILENT);
            node.lowest = 1047;
            try (var source = nodes(node)) {
                assertThat(backfill(database.database(), Ingest.Limits.ofThisMachine())
                                .run(source, 1000, Backfill.Progress.SILENT))
                        .contains(new Backfill.Outcome(1047, 53, false));
            }
            Scenarios.ingest(straight.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", 1047, 1143), Progress.SILENT);
            assertThat(TableDigests.of(database.database())).isEqualTo(TableDigests.of(straight.database()));
        }
    }

    private static LiveSource nodes(FakeFullNode... nodes) {
        var identity = new ChainIdentity(Optional.of(Digest.parse(FakeFullNode.CHAIN)));
        return new LiveSource(
                Stream.of(nodes)
                        .<Endpoint>map(each ->
                                new FullNode(each.address(), identity, FullNode.Manners.unlimited(), Ticker.SYSTEM))
                        .toList(),
                new LiveSource.Start.At(0),
                Optional.empty(),
                StoreSource.AtTip.END);
    }

    @Test
    void afterASourceThatEndedTheSameGoalReadsNothingAgainUntilThereIsMore() throws Exception {
        try (var database = TestDatabase.migrated();
                var straight = TestDatabase.migrated();
                var whole = Scenarios.source("blob-life")) {
            var ingest = Scenarios.ingest(database.database(), new TrustAnchor.Unverified());
            ingest.run(Scenarios.part("blob-life", 1100, 1120), Progress.SILENT);
            var backfill = backfill(database.database(), Ingest.Limits.ofThisMachine());
            backfill.run(Scenarios.part("blob-life", 1047, 1120), 1000, Backfill.Progress.SILENT);
            ingest.run(Scenarios.part("blob-life", 1120, 1130), Progress.SILENT);

            var again = new ArrayList<Backfill.Phase>();
            assertThat(backfill.run(Scenarios.part("blob-life", 1047, 1130), 1000, (phase, _, _) -> again.add(phase)))
                    .contains(new Backfill.Outcome(1047, 0, false));
            assertThat(again).as("at a restart").isEmpty();
            assertThat(TableRows.of(database.database(), "select goal, source_ended from backfill"))
                    .containsExactly("1000|t");

            ingest.run(Scenarios.part("blob-life", 1130, 1143), Progress.SILENT);
            backfill.run(whole, 1000, (phase, _, _) -> again.add(phase));
            assertThat(again)
                    .as("once there is more")
                    .contains(Backfill.Phase.FILL, Backfill.Phase.READ_AGAIN, Backfill.Phase.FOLD);
            Scenarios.ingest(straight.database(), new TrustAnchor.Unverified()).run(whole, Progress.SILENT);
            assertThat(TableDigests.of(database.database())).isEqualTo(TableDigests.of(straight.database()));
        }
    }

    @Test
    void afterASourceThatEndedALowerGoalBeginsAnew() throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", 1100, 1120), Progress.SILENT);
            var backfill = backfill(database.database(), Ingest.Limits.ofThisMachine());
            backfill.run(Scenarios.part("blob-life", 1047, 1120), 1020, Backfill.Progress.SILENT);
            backfill.announce(1020);
            assertThat(TableRows.of(database.database(), "select * from reread"))
                    .isEmpty();
            backfill.announce(1000);
            assertThat(TableRows.of(database.database(), "select * from reread"))
                    .containsExactly("1047|1120");
            assertThat(TableRows.of(database.database(), "select goal, source_ended from backfill"))
                    .containsExactly("1000|f");
        }
    }

    @ParameterizedTest(name = "from {0}, lies about {1} to {2} while: {3}")
    @CsvSource({"1004, 1000, 1003, FILL", "1003, 1003, 1003, ASK_FIRST", "1002, 1002, 1003, READ_AGAIN"})
    void whatOneLiesAboutComesFromAnother(long begin, long from, long to, String when) throws Exception {
        var isLying = new AtomicBoolean(!when.equals("READ_AGAIN"));
        try (var liar = new FakeFullNode("blob-life", 1143);
                var honest = new FakeFullNode("blob-life", 1143);
                var database = TestDatabase.migrated();
                var straight = TestDatabase.migrated()) {
            liar.change = checkpoint ->
                    isLying.get() && checkpoint.getSequenceNumber() >= from && checkpoint.getSequenceNumber() <= to
                            ? ofAnotherChain(checkpoint.getSequenceNumber())
                            : checkpoint;
            // Else the honest one may be the faster.
            honest.refusal = () -> liar.given.contains(from) ? Optional.empty() : Optional.of(Status.UNAVAILABLE);
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", begin, 1020), Progress.SILENT);
            if (when.equals("ASK_FIRST")) {
                execute(database.database(), "update watermark set first_previous_digest = null");
            }
            try (var source = nodes(liar, honest)) {
                assertThat(backfill(database.database(), Ingest.Limits.ofThisMachine())
                                .run(
                                        source,
                                        1000,
                                        (phase, _, _) -> isLying.set(isLying.get() || phase == Backfill.Phase.FILL)))
                        .contains(new Backfill.Outcome(1000, begin - 1000, true));
            }
            assertThat(liar.given).as("asked for what it lies about").contains(from);
            Scenarios.ingest(straight.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", 1000, 1020), Progress.SILENT);
            assertThat(TableDigests.of(database.database())).isEqualTo(TableDigests.of(straight.database()));
        }
    }

    @Test
    void whatComesBeforeALieThatNobodyBettersIsKept() throws Exception {
        try (var liar = new FakeFullNode("blob-life", 1143);
                var database = TestDatabase.migrated()) {
            liar.change = checkpoint -> checkpoint.getSequenceNumber() <= 1003
                    ? ofAnotherChain(checkpoint.getSequenceNumber())
                    : checkpoint;
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", 1010, 1020), Progress.SILENT);
            try (var source = nodes(liar)) {
                assertThatThrownBy(() -> backfill(database.database(), Ingest.Limits.ofThisMachine())
                                .run(source, 1000, Backfill.Progress.SILENT))
                        .isInstanceOf(ChainException.class)
                        .hasMessageContaining("checkpoint 1004 says its predecessor is")
                        .hasMessageContaining("another chain or a fork");
            }
            assertThat(TableRows.of(
                            database.database(), "select first_checkpoint from watermark where pipeline = 'facts'"))
                    .containsExactly("1004");
        }
    }

    /** Whole and consistent in itself. */
    private static Checkpoint ofAnotherChain(long sequenceNumber) {
        var name = List.of("register-certify", "all-events", "epoch-end", "next-epoch")
                .get((int) sequenceNumber - 1000);
        var file = Scenarios.fixture("synthetic-walrus-%d-%s.binpb.zst".formatted(sequenceNumber, name));
        try (var in = new ZstdInputStream(Files.newInputStream(file))) {
            return Checkpoint.parseFrom(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void execute(Database database, String sql) throws Exception {
        try (var db = database.connect();
                var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aDatabaseThatDidNotKeepThePredecessorAsksItsSource() throws Exception {
        try (var database = TestDatabase.migrated();
                var straight = TestDatabase.migrated();
                var source = Scenarios.source("blob-life")) {
            Scenarios.ingest(straight.database(), new TrustAnchor.Unverified()).run(source, Progress.SILENT);
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", 1100, 1143), Progress.SILENT);
            try (var db = database.connect();
                    var statement = db.createStatement()) {
                statement.execute("update watermark set first_previous_digest = null");
                statement.execute("update transaction set system_written = null");
            }
            backfill(database.database(), Ingest.Limits.ofThisMachine()).run(source, 1000, Backfill.Progress.SILENT);
            assertThat(TableDigests.of(database.database())).isEqualTo(TableDigests.of(straight.database()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "FOLD")
    void stoppedWhileItFoldsItGoesOn(String phase) throws Exception {
        stoppedIn(phase);
    }

    @Tag("soak")
    @ParameterizedTest
    @ValueSource(strings = {"FILL", "READ_AGAIN"})
    void stoppedInAnotherPhaseItGoesOn(String phase) throws Exception {
        stoppedIn(phase);
    }

    private void stoppedIn(String phase) throws Exception {
        try (var straight = TestDatabase.migrated();
                var stopped = TestDatabase.migrated();
                var source = Scenarios.source("blob-life")) {
            Scenarios.ingest(straight.database(), new TrustAnchor.Unverified()).run(source, Progress.SILENT);
            Scenarios.ingest(stopped.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", 1100, 1143), Progress.SILENT);
            var limits = Ingest.Limits.ofThisMachine().withBatchOf(5);
            int stops = 0;
            for (boolean ended = false; !ended; ) {
                try {
                    backfill(stopped.database(), limits).run(source, 1000, (reached, _, _) -> {
                        if (reached == Backfill.Phase.valueOf(phase)) {
                            throw new Stop();
                        }
                    });
                    ended = true;
                } catch (Stop _) {
                    stops++;
                    if (phase.equals("FOLD") && stops == 3) {
                        break; // it begins anew each time
                    }
                }
            }
            assertThat(stops).isGreaterThan(1);
            backfill(stopped.database(), limits).run(source, 1000, Backfill.Progress.SILENT);
            assertThat(TableDigests.of(stopped.database())).isEqualTo(TableDigests.of(straight.database()));
        }
    }

    private static final class Stop extends RuntimeException {}

    static Backfill backfill(Database database, Ingest.Limits limits) {
        return new Backfill(
                database, WalrusNetwork.mainnet(), Optional.of("synthetic chain"), limits, TipPriority.ofNone());
    }

    private static Map<String, String> facts(Database database) throws Exception {
        var digests = TableDigests.of(database);
        digests.remove("reread"); // what is due stays due
        return digests;
    }
}
