package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.source.Room;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.EmbeddedPostgres;
import dev.vibrissa.migrations.EmbeddedPostgresConfig;
import dev.vibrissa.migrations.Schema;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TcpProxy;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.server.work.WorkBoard;
import dev.vibrissa.server.work.WorkState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL is shut down while the indexer of {@code up} works, stays away for a try, comes back locked by a session that it
 * does not know to be dead, and is free at last. Each pause has its reason on the board.
 */
class DatabaseOutageTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("vibrissa.root"), "indexer/src/test/resources/scenarios/blob-life");
    private static final long OUTAGE_AT = 1070;

    @TempDir
    Path directory = Path.of("");

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch away = new CountDownLatch(1);
    private final BlockingQueue<WorkBoard.Standing> standings = new LinkedBlockingQueue<>();

    @Test
    @Timeout(180)
    void theIndexerTriesAgainAndEndsWithTheSameTables() throws Exception {
        try (var peaceful = TestDatabase.migrated();
                var before = EmbeddedPostgres.start(directory, EmbeddedPostgresConfig.defaults())) {
            try (var source = FileSource.of(List.of(FOLDER))) {
                new Ingest(
                                peaceful.database(),
                                WalrusNetwork.mainnet(),
                                Optional.of("synthetic chain"),
                                anchor(),
                                Ingest.Limits.ofThisMachine())
                        .run(source, Progress.SILENT);
            }
            Schema.migrate(before.database());
            try (var proxy = TcpProxy.before(before.database());
                    var indexing = new Indexing(
                            proxy.through(before.database()),
                            WalrusNetwork.mainnet(),
                            Optional.of("synthetic chain"),
                            anchor(),
                            () -> new Interrupted(FileSource.of(List.of(FOLDER))),
                            Ingest.Snapshot.NONE,
                            Optional.empty(),
                            Optional.empty(),
                            Duration.ofMillis(100),
                            new WorkBoard(
                                    Clock.systemUTC(), System::nanoTime, (_, standing) -> standings.add(standing)))) {
                indexing.start();
                assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
                before.close();
                away.countDown();
                assertThat(await(WorkState.TRIES_AGAIN).reason()).containsPattern("database, SQLSTATE (08|57)");
                proxy.reset(); // it comes back to us when the lock is held
                try (var again = restarted(before)) {
                    try (var _ = lockedSession(again)) {
                        proxy.mend();
                        assertThat(await(WorkState.STANDS_BY).reason())
                                .isEqualTo("another indexer works on this database");
                    }
                    assertThat(await(WorkState.DONE).reason()).contains("1143");
                    assertThat(TableDigests.of(again.database())).isEqualTo(TableDigests.of(peaceful.database()));
                    assertThat(TableDigests.told(again.database())).isEqualTo(TableDigests.told(peaceful.database()));
                }
            }
        }
    }

    private WorkBoard.Standing await(WorkState state) throws InterruptedException {
        var next = standings.poll(60, TimeUnit.SECONDS);
        while (next != null && next.state() != state) {
            next = standings.poll(60, TimeUnit.SECONDS);
        }
        assertThat(next).as("the state %s", state).isNotNull();
        return next;
    }

    /** The same directory at the same port, as an operator's PostgreSQL comes back. */
    private EmbeddedPostgres restarted(EmbeddedPostgres before) {
        return EmbeddedPostgres.start(
                directory, EmbeddedPostgresConfig.defaults().withPort(before.port()));
    }

    /** A session with the indexer's lock, as PostgreSQL keeps one whose client it does not know to be gone. */
    private static Connection lockedSession(EmbeddedPostgres postgres) {
        try {
            var session = postgres.database().connect();
            try (var statement = session.createStatement()) {
                statement.execute("select pg_advisory_lock(x'7669627269737361'::bigint)");
            }
            return session;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TrustAnchor anchor() {
        return TrustAnchor.parse(FOLDER.resolve("trust-anchor.committee.bcs").toString());
    }

    /** The first time it is read, it waits in the middle until the database is away. */
    private final class Interrupted implements CheckpointSource {
        private final FileSource files;

        Interrupted(FileSource files) {
            this.files = files;
        }

        @Override
        public String kind() {
            return files.kind();
        }

        @Override
        public String location() {
            return files.location();
        }

        @Override
        public long first() {
            return files.first();
        }

        @Override
        public Optional<Long> last() {
            return files.last();
        }

        @Override
        public Optional<RawCheckpoint> fetch(long sequenceNumber, Room room) throws InterruptedException {
            if (sequenceNumber == OUTAGE_AT) {
                reached.countDown();
                away.await();
            }
            return files.fetch(sequenceNumber, room);
        }
    }
}
