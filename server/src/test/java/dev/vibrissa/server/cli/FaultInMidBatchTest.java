package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.kafka.KafkaSettings;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.EmbeddedPostgres;
import dev.vibrissa.migrations.EmbeddedPostgresConfig;
import dev.vibrissa.migrations.Schema;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TcpProxy;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.server.work.WorkBoard;
import dev.vibrissa.server.work.WorkState;
import dev.vibrissa.testbroker.TestBroker;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Something goes wrong while a batch is open, with facts written and projections not. The batch is held there by a lock on
 * a table that it comes to late, so that no test depends on luck. The board's clock jumps by a day at each look.
 */
@Timeout(120)
class FaultInMidBatchTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("vibrissa.root"), "indexer/src/test/resources/scenarios/blob-life");
    private static final long MIDDLE = 1050;
    private static final long LAST = 1143;

    @AutoClose
    private static final TestBroker BROKER = TestBroker.start();

    private static Map<String, String> peaceful = Map.of();
    private static String told = "";

    private final BlockingQueue<WorkBoard.Standing> standings = new LinkedBlockingQueue<>();
    /** Of whoever writes: an extractor has the same trouble with the database, and its own words for it. */
    private final WorkBoard board = new WorkBoard(jumping(), System::nanoTime, (role, standing) -> {
        if (!role.equals("extractor")) {
            standings.add(standing);
        }
    });

    @TempDir
    Path directory = Path.of("");

    @BeforeAll
    static void ingestInPeace() throws Exception {
        try (var database = TestDatabase.migrated()) {
            ingest(database.database(), MIDDLE);
            ingest(database.database(), LAST);
            peaceful = TableDigests.of(database.database());
            told = TableDigests.told(database.database());
        }
    }

    @AfterAll
    static void forget() {
        peaceful = Map.of();
        told = "";
    }

    @Test
    void theConnectionsAreReset() throws Exception {
        try (var test = TestDatabase.migrated();
                var proxy = TcpProxy.before(test.database())) {
            ingest(test.database(), MIDDLE);
            try (var blocking = blocked(test.database());
                    var indexing = indexing(proxy.through(test.database()))) {
                indexing.start();
                awaitOpenBatch(test.database());
                proxy.reset();
                assertThat(await(WorkState.TRIES_AGAIN).reason()).contains("08006");
                blocking.rollback();
                proxy.mend();
                assertThat(await(WorkState.DONE).reason()).contains("" + LAST);
            }
            assertThat(TableDigests.of(test.database())).isEqualTo(peaceful);
            assertThat(TableDigests.told(test.database())).isEqualTo(told);
        }
    }

    @Test
    void theNetworkIsCutAndAnotherTakesOver() throws Exception {
        try (var test = TestDatabase.migrated();
                var proxy = TcpProxy.before(test.database())) {
            ingest(test.database(), MIDDLE);
            try (var blocking = blocked(test.database());
                    var indexing = indexing(proxy.through(test.database()))) {
                indexing.start();
                awaitOpenBatch(test.database());
                proxy.goQuiet();
                assertThat(await(WorkState.TRIES_AGAIN).reason()).contains("the session that held the turn ended");
                // The server has not heard of it: the batch is open there, and its rows are locked.
                assertThat(openBatches(test.database())).isEqualTo(1);
                blocking.rollback();
                var other = new LinkedBlockingQueue<WorkBoard.Standing>();
                try (var successor = indexing(
                        test.database(),
                        Optional.empty(),
                        new WorkBoard(jumping(), System::nanoTime, (_, each) -> other.add(each)))) {
                    successor.start();
                    assertThat(await(other, WorkState.DONE).reason()).contains("" + LAST);
                }
                proxy.mend();
                assertThat(await(WorkState.DONE).reason()).contains("" + LAST);
            }
            assertThat(TableDigests.of(test.database())).isEqualTo(peaceful);
            assertThat(TableDigests.told(test.database())).isEqualTo(told);
        }
    }

    @ParameterizedTest(name = "through Kafka: {0}")
    @ValueSource(booleans = {false, true})
    void postgresIsKilledAndStartedAgain(boolean throughKafka) throws Exception {
        try (var before = EmbeddedPostgres.start(directory, EmbeddedPostgresConfig.defaults())) {
            Schema.migrate(before.database());
            ingest(before.database(), MIDDLE);
            var _ = blocked(before.database()); // ends with the server
            try (var indexing = indexing(before.database(), throughKafka)) {
                indexing.start();
                awaitOpenBatch(before.database());
                var server = ProcessHandle.of(before.pid()).orElseThrow();
                assertThat(server.destroyForcibly()).isTrue();
                server.onExit().get(30, TimeUnit.SECONDS);
                before.close();
                assertThat(await(WorkState.TRIES_AGAIN).reason()).containsPattern("SQLSTATE (08|57)");
                try (var after = EmbeddedPostgres.start(
                        directory, EmbeddedPostgresConfig.defaults().withPort(before.port()))) {
                    assertThat(await(WorkState.DONE).reason()).contains("" + LAST);
                    assertThat(TableDigests.of(after.database())).isEqualTo(peaceful);
                    assertThat(TableDigests.told(after.database())).isEqualTo(told);
                }
            }
        }
    }

    @ParameterizedTest(name = "through Kafka: {0}")
    @ValueSource(booleans = {false, true})
    void theDiskOfTheDatabaseIsFull(boolean throughKafka) throws Exception {
        try (var small = SmallDisk.start(directory)) {
            Schema.migrate(small.database());
            ingest(small.database(), MIDDLE);
            small.fill();
            try (var indexing = indexing(small.database(), throughKafka)) {
                indexing.start();
                var standing = await(WorkState.TRIES_AGAIN);
                assertThat(standing.reason()).contains("53100").contains("No space left on device");
                small.free();
                // Each try took the turn, but only a commit ends the trouble.
                assertThat(await(WorkState.WORKS).reason()).startsWith("committed checkpoint");
                assertThat(await(WorkState.DONE).reason()).contains("" + LAST);
            }
            assertThat(TableDigests.of(small.database())).isEqualTo(peaceful);
            assertThat(TableDigests.told(small.database())).isEqualTo(told);
        }
    }

    /** Facts are written before projections are folded: {@code totals} comes late. */
    private static Connection blocked(Database database) throws SQLException {
        Connection blocking = database.connect();
        blocking.setAutoCommit(false);
        try (var statement = blocking.createStatement()) {
            statement.execute("lock table totals in share mode");
        }
        return blocking;
    }

    private static void awaitOpenBatch(Database database) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (openBatches(database) == 0) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** Transactions of an indexer that have written something. */
    private static int openBatches(Database database) throws SQLException {
        return Integer.parseInt(TableRows.of(database, """
                        select count(*) from pg_stat_activity a where datname = current_database()
                          and application_name like 'vibrissa writes %' and backend_xid is not null
                          and exists (select from pg_locks l where l.pid = a.pid and not granted
                            and relation = 'totals'::regclass)
                        """).getFirst());
    }

    private Indexing indexing(Database database) {
        return indexing(database, false);
    }

    private Indexing indexing(Database database, boolean throughKafka) {
        return indexing(
                database,
                throughKafka
                        ? Optional.of(new Indexing.Shared(
                                KafkaSettings.of(BROKER.bootstrapServers(), "p" + UUID.randomUUID(), Map.of()),
                                true,
                                true))
                        : Optional.empty(),
                board);
    }

    private static Indexing indexing(Database database, Optional<Indexing.Shared> shared, WorkBoard board) {
        return new Indexing(
                database,
                WalrusNetwork.mainnet(),
                Optional.of("synthetic chain"),
                anchor(),
                () -> source(LAST),
                Ingest.Snapshot.NONE,
                Optional.empty(),
                shared,
                Duration.ofMillis(100),
                board);
    }

    private WorkBoard.Standing await(WorkState state) throws InterruptedException {
        return await(standings, state);
    }

    private static WorkBoard.Standing await(BlockingQueue<WorkBoard.Standing> standings, WorkState state)
            throws InterruptedException {
        var next = standings.poll(60, TimeUnit.SECONDS);
        while (next != null && next.state() != state) {
            next = standings.poll(60, TimeUnit.SECONDS);
        }
        return Optional.ofNullable(next)
                .orElseThrow(() -> new AssertionError("no state %s within a minute".formatted(state)));
    }

    private static Clock jumping() {
        var now = new Instant[] {Instant.parse("2026-11-22T00:00:00Z")};
        InstantSource source = () -> {
            now[0] = now[0].plus(
                    now[0].getEpochSecond() % 2 == 0 ? Duration.ofSeconds(86_401) : Duration.ofSeconds(-172_801));
            return now[0];
        };
        return source.withZone(ZoneOffset.UTC);
    }

    private static TrustAnchor anchor() {
        return TrustAnchor.parse(FOLDER.resolve("trust-anchor.committee.bcs").toString());
    }

    private static CheckpointSource source(long last) {
        return FileSource.of(LongStream.rangeClosed(1000, last)
                .mapToObj(number -> FOLDER.resolve(number + ".binpb.zst"))
                .toList());
    }

    private static void ingest(Database database, long last) throws Exception {
        try (var source = source(last)) {
            new Ingest(
                            database,
                            WalrusNetwork.mainnet(),
                            Optional.of("synthetic chain"),
                            anchor(),
                            Ingest.Limits.ofThisMachine())
                    .run(source, Progress.SILENT);
        }
    }
}
