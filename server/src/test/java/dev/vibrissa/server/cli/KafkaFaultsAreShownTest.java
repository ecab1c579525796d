package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.kafka.KafkaSettings;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.kafka.v1.Range;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.server.work.Shown;
import dev.vibrissa.server.work.WorkBoard;
import dev.vibrissa.server.work.WorkState;
import dev.vibrissa.testbroker.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stops a role of shared extraction, or has it wait, is told by health with its reason and by a metric. */
@Timeout(120)
class KafkaFaultsAreShownTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("vibrissa.root"), "indexer/src/test/resources/scenarios/blob-life");
    private static final long FIRST = 1000;
    private static final long LAST = 1143;
    private static final String NOBODY = "127.0.0.1:1";
    private static final String PROJECTOR = "projector";
    private static final String EXTRACTOR = "extractor";
    private static final String INDEXER = "indexer";

    @AutoClose
    static final TestBroker BROKER = TestBroker.start();

    /** Begins the roles and does what goes wrong. */
    private interface Fault {
        void happens(Scene scene) throws Exception;
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault(
                        "the broker is away",
                        PROJECTOR,
                        "tries_again",
                        "Kafka: .*",
                        scene -> scene.broker(NOBODY).projector()),
                fault(
                        "the broker is away",
                        EXTRACTOR,
                        "tries_again",
                        "Kafka: .*",
                        scene -> scene.broker(NOBODY).extractor(FIRST, LAST)),
                fault(
                        "the database is away",
                        PROJECTOR,
                        "tries_again",
                        "database, SQLSTATE 08.*",
                        scene -> scene.withoutDatabase().projector()),
                fault(
                        "the database is away",
                        EXTRACTOR,
                        "tries_again",
                        "database, SQLSTATE 08.*",
                        scene -> scene.withoutDatabase().extractor(FIRST, LAST)),
                fault(
                        "poison",
                        PROJECTOR,
                        "tries_again",
                        "checkpoints 1000 to 1007, attempt .*: no envelope.*",
                        KafkaFaultsAreShownTest::poison),
                fault(
                        "no partition is left",
                        EXTRACTOR,
                        "stands_by",
                        "has no partition of the ranges.*",
                        KafkaFaultsAreShownTest::takeAllPartitions),
                fault(
                        "the producer is fenced",
                        EXTRACTOR,
                        "tries_again",
                        "Kafka: .*(fence|newer|epoch).*",
                        KafkaFaultsAreShownTest::fence),
                fault(
                        "the topics are gone",
                        PROJECTOR,
                        "tries_again",
                        "Kafka: the topics are others than before.*",
                        KafkaFaultsAreShownTest::deleteTopics),
                fault(
                        "nobody extracts",
                        PROJECTOR,
                        "tries_again",
                        "no extractor answers: checkpoint 1000 was asked for . times in vain",
                        Scene::projector),
                fault(
                        "a range is given up",
                        PROJECTOR,
                        "stopped",
                        "checkpoints 1000 to 1007 could not be extracted after .* attempts: .*1004.*",
                        scene -> {
                            scene.patient().extractor(FIRST, FIRST + 3);
                            scene.projector();
                        }),
                fault(
                        "facts cannot be stored",
                        PROJECTOR,
                        "stopped",
                        "checkpoint 1002 cannot be stored: SQLSTATE 23514.*",
                        scene -> {
                            scene.refuse(1002);
                            scene.patient().extractor(FIRST, LAST);
                            scene.projector();
                        }),
                fault("facts cannot be stored", INDEXER, "tries_again", "database, SQLSTATE 23514.*", scene -> {
                    scene.refuse(1002);
                    scene.indexer();
                }));
    }

    private static Arguments fault(String name, String role, String state, String reason, Fault fault) {
        return arguments(name, role, state, reason, fault);
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @MethodSource("faults")
    void areToldByHealthAndByAMetric(String name, String role, String state, String reason, Fault fault)
            throws Exception {
        try (var scene = new Scene()) {
            fault.happens(scene);
            String told = state + " since .*: " + reason;
            await(
                    role,
                    () -> Shown.health(role).lines().findFirst().orElse("").matches(told)
                            && Shown.isMeteredAs(role, state));
        } finally {
            // The board is that of the process, and others look at it.
            WorkBoard.here().standings().keySet().stream()
                    .filter(List.of(PROJECTOR, EXTRACTOR, INDEXER)::contains)
                    .forEach(each -> WorkBoard.here().says(each, WorkState.DONE, "the test is over"));
        }
    }

    private static void await(String role, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(Shown.health(role)).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static void poison(Scene scene) throws Exception {
        scene.makeTopics();
        try (var producer = scene.producer(Map.of())) {
            producer.send(new ProducerRecord<>(
                            scene.prefix + ".facts", key(), "neither this".getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
        scene.patient().projector();
    }

    private static void takeAllPartitions(Scene scene) throws Exception {
        scene.makeTopics();
        // Members with a name of their own come first.
        var other = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        BROKER.bootstrapServers(),
                        "group.id",
                        scene.prefix + ".extractors",
                        "group.instance.id",
                        "first"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        var polling = Thread.ofPlatform().start(() -> {
            try (other) {
                other.subscribe(List.of(scene.prefix + ".ranges"));
                while (!Thread.currentThread().isInterrupted()) {
                    other.poll(Duration.ofMillis(50));
                }
            } catch (InterruptException _) {
                // The test is over.
            }
        });
        scene.begun.add(() -> {
            polling.interrupt();
            polling.join();
        });
        scene.extractor(FIRST, LAST);
    }

    private static void fence(Scene scene) throws Exception {
        scene.extractor(FIRST, LAST);
        await(EXTRACTOR, () -> Shown.isMeteredAs(EXTRACTOR, "works"));
        try (var admin = scene.admin()) {
            String id = admin.listTransactions().all().get().stream()
                    .map(each -> each.transactionalId())
                    .filter(each -> each.startsWith(scene.prefix))
                    .findAny()
                    .orElseThrow();
            try (var usurper = scene.producer(Map.of("transactional.id", id))) {
                usurper.initTransactions();
            }
        }
        try (var producer = scene.producer(Map.of())) {
            var range = Range.newBuilder()
                    .setSchema(1)
                    .setFirst(FIRST)
                    .setLast(FIRST + 1)
                    .setAttempt(1)
                    .build();
            producer.send(new ProducerRecord<>(scene.prefix + ".ranges", key(), range.toByteArray()))
                    .get();
        }
    }

    private static void deleteTopics(Scene scene) throws Exception {
        scene.projector();
        try (var admin = scene.admin()) {
            await(PROJECTOR, () -> scene.count("select count(*) from extraction_range where sent_at is not null") > 0);
            admin.deleteTopics(List.of(scene.prefix + ".ranges", scene.prefix + ".facts"))
                    .all()
                    .get();
        }
    }

    private static byte[] key() {
        return Long.toString(FIRST).getBytes(StandardCharsets.US_ASCII);
    }

    /** A database and topics of its own, and the roles that were begun. */
    private static final class Scene implements AutoCloseable {
        final TestDatabase test = TestDatabase.migrated();
        final String prefix = "faults-" + UUID.randomUUID();
        final List<AutoCloseable> begun = new ArrayList<>();
        private Database database = test.database();
        private String broker = BROKER.bootstrapServers();
        private Duration stalledAfter = Duration.ofMillis(500);

        Scene broker(String address) {
            broker = address;
            return this;
        }

        /** Nothing is asked for again because nobody answered. */
        Scene patient() {
            stalledAfter = Duration.ofSeconds(10);
            return this;
        }

        Scene withoutDatabase() {
            database = new Database("jdbc:postgresql://%s/none".formatted(NOBODY), "nobody", "");
            return this;
        }

        void projector() {
            start(FIRST, LAST, Optional.of(new Indexing.Shared(settings(), false, true)));
        }

        void extractor(long first, long last) {
            start(first, last, Optional.of(new Indexing.Shared(settings(), true, false)));
        }

        void indexer() {
            start(FIRST, LAST, Optional.empty());
        }

        private void start(long first, long last, Optional<Indexing.Shared> shared) {
            var indexing = new Indexing(
                    database,
                    WalrusNetwork.mainnet(),
                    Optional.of("synthetic chain"),
                    TrustAnchor.parse(
                            FOLDER.resolve("trust-anchor.committee.bcs").toString()),
                    () -> source(first, last),
                    Ingest.Snapshot.NONE,
                    Optional.empty(),
                    shared,
                    Duration.ofMillis(100),
                    WorkBoard.here());
            begun.add(indexing);
            indexing.start();
        }

        private static CheckpointSource source(long first, long last) {
            return FileSource.of(LongStream.rangeClosed(first, last)
                    .mapToObj(number -> FOLDER.resolve(number + ".binpb.zst"))
                    .toList());
        }

        private KafkaSettings settings() {
            return new KafkaSettings(
                    broker,
                    prefix,
                    1,
                    8,
                    64,
                    16 << 20,
                    Duration.ofMillis(2),
                    stalledAfter,
                    Map.of(
                            "session.timeout.ms", "2000",
                            "heartbeat.interval.ms", "300",
                            "fetch.max.wait.ms", "20",
                            "transaction.timeout.ms", "2000",
                            "delivery.timeout.ms", "2000",
                            "request.timeout.ms", "1000",
                            "default.api.timeout.ms", "1000",
                            "metadata.max.age.ms", "1000"));
        }

        Admin admin() {
            return Admin.create(Map.of("bootstrap.servers", BROKER.bootstrapServers()));
        }

        void makeTopics() throws Exception {
            try (var admin = admin()) {
                admin.createTopics(Stream.of(".ranges", ".facts")
                                .map(each -> new NewTopic(prefix + each, 1, (short) 1))
                                .toList())
                        .all()
                        .get();
            }
        }

        KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
            var properties = new HashMap<>(more);
            properties.put("bootstrap.servers", BROKER.bootstrapServers());
            return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        }

        /** Whoever reads it, the database does not take this checkpoint. */
        void refuse(long checkpoint) throws SQLException {
            try (var db = test.connect();
                    var statement = db.createStatement()) {
                statement.execute("alter table checkpoint add constraint refused check (sequence_number <> %d)"
                        .formatted(checkpoint));
            }
        }

        long count(String sql) {
            try (var db = test.connect();
                    var statement = db.createStatement();
                    var row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws Exception {
            for (var each : begun) {
                each.close();
            }
            test.close();
        }
    }
}
