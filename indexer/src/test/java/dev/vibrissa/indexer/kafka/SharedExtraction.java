package dev.vibrissa.indexer.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.PreparedCheckpoints;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.source.Room;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.testbroker.TestBroker;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/** A projector and some extractors over one scenario, in this JVM, with topics of their own. */
final class SharedExtraction implements AutoCloseable {
    private static final Map<String, Stored> UNDISTURBED = new ConcurrentHashMap<>();

    final String scenario;
    private final String prefix;
    private final long mostHeldBytes;
    private final Duration stalledAfter;
    final TestDatabase database = TestDatabase.migrated();
    final TestBroker broker;
    final KafkaSettings settings;
    /** The broker as extractors find it, and as projectors do. */
    volatile String extractorsWay;

    volatile String projectorsWay;
    /** An extractor that takes longer loses its partitions. */
    volatile Duration mostBetweenPolls = Duration.ofMinutes(1);

    private final List<Thread> extractors = new ArrayList<>();
    volatile Consumer<Word> extractorSays = _ -> {};
    volatile Consumer<Word> projectorSays = _ -> {};

    SharedExtraction(TestBroker broker, String scenario) {
        this(broker, scenario, 16 << 20, Duration.ofSeconds(1));
    }

    SharedExtraction(TestBroker broker, String scenario, long mostHeldBytes, Duration stalledAfter) {
        this.broker = broker;
        this.scenario = scenario;
        this.extractorsWay = broker.bootstrapServers();
        this.projectorsWay = broker.bootstrapServers();
        this.prefix = scenario + "-" + UUID.randomUUID();
        this.mostHeldBytes = mostHeldBytes;
        this.stalledAfter = stalledAfter;
        this.settings = settings(broker.bootstrapServers());
    }

    private KafkaSettings settings(String bootstrapServers) {
        return new KafkaSettings(
                bootstrapServers,
                prefix,
                3,
                8,
                64,
                mostHeldBytes,
                Duration.ofMillis(2),
                stalledAfter,
                Map.of(
                        "session.timeout.ms", "2000",
                        "max.poll.interval.ms", Long.toString(mostBetweenPolls.toMillis()),
                        "heartbeat.interval.ms", "300",
                        "fetch.max.wait.ms", "20",
                        "transaction.timeout.ms", "2000",
                        "delivery.timeout.ms", "2000",
                        "request.timeout.ms", "1000",
                        "default.api.timeout.ms", "3000",
                        "metadata.max.age.ms", "1000"));
    }

    /**
     * What is in a database.
     *
     * @param tables their digests by name
     * @param told the digest of what was told as news
     */
    record Stored(Map<String, String> tables, String told) {
        static Stored in(Database database) throws SQLException {
            return new Stored(TableDigests.of(database), TableDigests.told(database));
        }
    }

    /** What indexing without a broker makes of a scenario. */
    static Stored undisturbed(String scenario) throws Exception {
        var known = UNDISTURBED.get(scenario);
        if (known == null) {
            try (var database = TestDatabase.migrated();
                    var source = source(scenario)) {
                new Ingest(
                                database.database(),
                                WalrusNetwork.mainnet(),
                                Optional.of("synthetic chain"),
                                anchor(scenario),
                                Ingest.Limits.ofThisMachine())
                        .run(source, Progress.SILENT);
                known = Stored.in(database.database());
                UNDISTURBED.put(scenario, known);
            }
        }
        return known;
    }

    static CheckpointSource source(String scenario) {
        return FileSource.of(List.of(directory(scenario)));
    }

    static TrustAnchor anchor(String scenario) {
        return TrustAnchor.parse(
                directory(scenario).resolve("trust-anchor.committee.bcs").toString());
    }

    static Path directory(String scenario) {
        return Path.of(
                System.getProperty("vibrissa.root"), "indexer", "src", "test", "resources", "scenarios", scenario);
    }

    Database db() {
        return database.database();
    }

    /** Starts another extractor. */
    Thread extractor(String instance) {
        return extractor(instance, source(scenario));
    }

    Thread extractor(String instance, CheckpointSource source) {
        var worker = new RangeWorker(
                db(),
                WalrusNetwork.mainnet(),
                anchor(scenario),
                settings(extractorsWay),
                Ingest.Limits.ofThisMachine(),
                instance,
                extractorSays);
        var thread = Thread.ofPlatform().name("extractor-" + instance).start(() -> {
            try {
                worker.run(source);
            } catch (InterruptedException e) {
                // It was stopped.
            }
        });
        extractors.add(thread);
        return thread;
    }

    /** Runs the projector to the end of the scenario. */
    Ingest.Outcome project() throws Exception {
        return project(Progress.SILENT);
    }

    Ingest.Outcome project(Progress progress) throws Exception {
        return ingest(7).run(source(scenario), progress);
    }

    Ingest ingest(int batch) {
        return ingest(batch, FactsFeed.through(db(), settings(projectorsWay), projectorSays));
    }

    Ingest ingest(int batch, PreparedCheckpoints.Elsewhere feed) {
        return new Ingest(
                db(),
                WalrusNetwork.mainnet(),
                Optional.of("synthetic chain"),
                anchor(scenario),
                Ingest.Limits.ofThisMachine().withBatchOf(batch),
                Ingest.Snapshot.NONE,
                Optional.of(feed));
    }

    void isLikeUndisturbed() throws Exception {
        assertThat(Stored.in(db())).isEqualTo(undisturbed(scenario));
    }

    Admin admin() {
        return settings.admin();
    }

    /** A source that does something when a checkpoint is first asked for. */
    CheckpointSource interrupted(long checkpoint, Runnable action) {
        return new Interrupted(source(scenario), checkpoint, once(action), Long.MAX_VALUE);
    }

    /** A followed source that stands still before a checkpoint, and does something when that is first asked for. */
    CheckpointSource standingStillBefore(long checkpoint, Runnable action) {
        return new Interrupted(source(scenario), checkpoint, once(action), checkpoint - 1);
    }

    private static Runnable once(Runnable action) {
        var isDone = new AtomicBoolean();
        return () -> {
            if (isDone.compareAndSet(false, true)) {
                action.run();
            }
        };
    }

    /** A source that never answers when it is asked for one checkpoint. */
    CheckpointSource hangingAt(long checkpoint, Runnable action) {
        Runnable first = once(action);
        return new Interrupted(
                source(scenario),
                checkpoint,
                () -> {
                    first.run();
                    while (!Thread.currentThread().isInterrupted()) {
                        LockSupport.park();
                    }
                },
                Long.MAX_VALUE);
    }

    /** A source with a fault of its own at one checkpoint, each time. */
    CheckpointSource failingAt(long checkpoint) {
        return new Interrupted(
                source(scenario),
                checkpoint,
                () -> {
                    throw new IllegalStateException("a reader that broke");
                },
                Long.MAX_VALUE);
    }

    /** @param end the last one that it has by now; followed if it is not that of the files */
    private record Interrupted(CheckpointSource files, long checkpoint, Runnable action, long end)
            implements CheckpointSource {
        @Override
        public boolean isFollowed() {
            return end < Long.MAX_VALUE;
        }

        @Override
        public void awaitNext(long sequenceNumber) {
            LockSupport.parkNanos(5_000_000);
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
        public long first() throws InterruptedException {
            return files.first();
        }

        @Override
        public Optional<Long> last() {
            return files.last();
        }

        @Override
        public Optional<RawCheckpoint> fetch(long sequenceNumber, Room room) throws InterruptedException {
            if (sequenceNumber == checkpoint) {
                action.run();
            }
            return sequenceNumber > end ? Optional.empty() : files.fetch(sequenceNumber, room);
        }
    }

    /** The first row and column, as text. */
    String text(String sql) throws Exception {
        try (var db = db().connect();
                var statement = db.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    @Override
    public void close() throws InterruptedException {
        extractors.forEach(Thread::interrupt);
        for (Thread each : extractors) {
            each.join();
        }
        database.close();
    }
}
