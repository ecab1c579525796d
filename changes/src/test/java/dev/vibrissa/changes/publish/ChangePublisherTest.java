package dev.vibrissa.changes.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import dev.vibrissa.changes.Outbox;
import dev.vibrissa.changes.v1.Change;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TcpProxy;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.testbroker.TestBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is killed, the topic has each change once, and those of one subject in order. */
@Timeout(180)
class ChangePublisherTest {
    @AutoClose
    private static final TestBroker BROKER = TestBroker.start();

    /** A broker that is away is noticed within the patience of a test. */
    private static final Map<String, String> CLIENT = Map.of(
            "bootstrap.servers", BROKER.bootstrapServers(),
            "max.block.ms", "2000",
            "request.timeout.ms", "1500",
            "delivery.timeout.ms", "3000",
            "default.api.timeout.ms", "3000");

    @AutoClose
    private final TestDatabase database = TestDatabase.migrated();

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final String prefix = "p" + Long.toHexString(seed);

    @BeforeEach
    void brokerIsUp() {
        System.out.println("seed ChangePublisherTest=" + seed);
        BROKER.startAgain();
    }

    @Test
    void fiveKillsLoseNothingAndDoubleNothing() throws Exception {
        kill(5);
    }

    @Test
    @Tag("soak")
    @Timeout(900)
    void fiftyKillsLoseNothingAndDoubleNothing() throws Exception {
        kill(50);
    }

    private void kill(int rounds) throws Exception {
        long checkpoint = 0;
        int inFlight = 0;
        for (int round = 0; round < rounds; round++) {
            Process victim = victim();
            assertThat(victim.inputReader().readLine()).isEqualTo("begun");
            tell(++checkpoint, 1);
            await("publishing", last());
            for (int i = 0; i < 10; i++) {
                tell(++checkpoint, 1 + random.nextInt(400));
            }
            LockSupport.parkNanos(random.nextInt(30_000_000));
            victim.destroyForcibly().waitFor();
            inFlight += published() < last() ? 1 : 0;
        }
        System.out.printf("kills=%d inFlight=%d changes=%d%n", rounds, inFlight, last());
        tell(++checkpoint, 3);
        publishAll();
        assertEachOnceAndInOrder(LongStream.rangeClosed(1, last()).boxed().toList());
    }

    @Test
    void aBrokerThatIsAwayIsWaitedForAndTheReasonShown() throws Exception {
        tell(1, 10);
        publishAll();
        var words = new CopyOnWriteArrayList<ChangePublisher.Word>();
        try (var publisher = publisher(database.database(), words::add);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ChangePublisher.Ended> ended = threads.submit(publisher::run);
            await("publishing");
            BROKER.kill();
            tell(2, 10);
            await("retrying");
            while (!(words.getLast() instanceof ChangePublisher.Word.TriesAgain)) {
                LockSupport.parkNanos(50_000_000);
            }
            assertThat(TableRows.of(
                            database.database(), "select reason from change_publisher where reason is not null"))
                    .hasSize(1);
            BROKER.startAgain();
            await("publishing", 20);
            assertThat(words.getLast()).isInstanceOf(ChangePublisher.Word.Publishes.class);
            publisher.close();
            assertThat(ended.get(60, TimeUnit.SECONDS)).isEqualTo(ChangePublisher.Ended.STOPPED);
        }
        assertEachOnceAndInOrder(LongStream.rangeClosed(1, 20).boxed().toList());
    }

    /** The server would keep its session, and the lock, for hours. */
    @Test
    void whoIsCutOffFromTheDatabaseIsFollowedByAnotherAndStandsBy() throws Exception {
        tell(1, 3);
        var words = new CopyOnWriteArrayList<ChangePublisher.Word>();
        try (var proxy = TcpProxy.before(database.database());
                var cut = publisher(proxy.through(database.database()), words::add);
                var next = publisher(database.database());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ChangePublisher.Ended> ended = threads.submit(cut::run);
            await("publishing", 3);
            Future<ChangePublisher.Ended> others = threads.submit(next::run);
            proxy.goQuiet();
            tell(2, 3);
            await("publishing", 6);
            proxy.mend();
            while (!(words.getLast() instanceof ChangePublisher.Word.StandsBy)) {
                LockSupport.parkNanos(50_000_000);
            }
            cut.close();
            next.close();
            assertThat(ended.get(60, TimeUnit.SECONDS)).isEqualTo(ChangePublisher.Ended.STOPPED);
            assertThat(others.get(60, TimeUnit.SECONDS)).isEqualTo(ChangePublisher.Ended.STOPPED);
        }
        assertEachOnceAndInOrder(LongStream.rangeClosed(1, 6).boxed().toList());
    }

    /** Of another database: within one, the lock keeps the second waiting. */
    @Test
    void whoeverIsFencedStops() throws Exception {
        tell(1, 1);
        try (var other = TestDatabase.migrated();
                var fenced = publisher(database.database());
                var newer = publisher(other.database());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ChangePublisher.Ended> ended = threads.submit(fenced::run);
            await("publishing", 1);
            Future<ChangePublisher.Ended> others = threads.submit(newer::run);
            while (TableRows.of(other.database(), "select 1 from change_publisher")
                    .isEmpty()) {
                LockSupport.parkNanos(50_000_000);
            }
            tell(2, 1);
            assertThat(ended.get(60, TimeUnit.SECONDS)).isEqualTo(ChangePublisher.Ended.FENCED);
            assertThat(TableRows.of(database.database(), "select state, reason from change_publisher"))
                    .singleElement()
                    .asString()
                    .startsWith("fenced|another publisher");
            newer.close();
            assertThat(others.get(60, TimeUnit.SECONDS)).isEqualTo(ChangePublisher.Ended.STOPPED);
        }
        assertEachOnceAndInOrder(List.of(1L));
    }

    @Test
    void aRestoredDatabaseRepeatsNothingAndKeepsNothingBack() throws Exception {
        for (int checkpoint = 1; checkpoint <= 10; checkpoint++) {
            tell(checkpoint, 10);
        }
        publishAll();
        try (var db = database.connect();
                var statement = db.createStatement()) {
            statement.execute("delete from change where id > 60; update change_keeping set last_id = 60");
        }
        // The indexer catches up, and gets beyond what had been published.
        for (int checkpoint = 7; checkpoint <= 13; checkpoint++) {
            tell(checkpoint, 10);
        }
        publishAll();
        assertThat(last()).isEqualTo(160);
        assertEachOnceAndInOrder(LongStream.concat(LongStream.rangeClosed(1, 100), LongStream.rangeClosed(131, 160))
                .boxed()
                .toList());
    }

    @Test
    void whatWasDroppedUnpublishedIsCounted() throws Exception {
        tell(1, 5);
        publishAll();
        tell(2, 5);
        try (var db = database.connect();
                var statement = db.createStatement()) {
            statement.execute("update change set told_at = told_at - interval '8 days'");
        }
        tell(3, 1);
        assertThat(TableRows.of(database.database(), "select min(id) from change"))
                .containsExactly("11");
        publishAll();
        assertThat(TableRows.of(database.database(), "select lost from change_publisher"))
                .containsExactly("5");
        assertEachOnceAndInOrder(List.of(1L, 2L, 3L, 4L, 5L, 11L));
    }

    @Test
    void theTopicOfAnotherChainIsNotWrittenTo() throws Exception {
        ofChain(database, "aa");
        tell(1, 1);
        publishAll();
        try (var other = TestDatabase.migrated();
                var publisher = publisher(other.database());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ofChain(other, "bb");
            Future<ChangePublisher.Ended> ended = threads.submit(publisher::run);
            while (TableRows.of(other.database(), "select 1 from change_publisher where state = 'retrying'")
                    .isEmpty()) {
                LockSupport.parkNanos(50_000_000);
            }
            assertThat(TableRows.of(other.database(), "select reason from change_publisher"))
                    .singleElement()
                    .asString()
                    .contains("use another prefix");
            publisher.close();
            ended.get(60, TimeUnit.SECONDS);
        }
    }

    private static void ofChain(TestDatabase of, String twoDigits) throws Exception {
        try (var db = of.connect();
                var statement = db.createStatement()) {
            statement.execute(
                    "insert into network (name, chain_id, chain_evidence) values ('custom', '\\x%s', 'reported')"
                            .formatted(twoDigits.repeat(32)));
        }
    }

    /** As an older program does while a newer one is started beside it. */
    @Test
    void aKindThatOnlyANewerProgramKnowsIsPublishedAsItIs() throws Exception {
        tell(1, 1);
        Change newer = change(1, 1).toBuilder()
                .clearBlobCertified()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                900,
                                UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                        .build())
                .build();
        try (var db = database.connect();
                var insert = db.prepareStatement("""
                        insert into change (id, told_at, topic, kind, subject, body)
                        values (2, now(), 'blob', 'blob_painted', 'blob-1', ?)
                        """);
                var statement = db.createStatement()) {
            insert.setBytes(1, newer.toByteArray());
            insert.executeUpdate();
            statement.execute("update change_keeping set last_id = 2");
        }
        tell(2, 1);
        publishAll();
        assertEachOnceAndInOrder(List.of(1L, 2L, 3L));
        assertThat(records())
                .filteredOn(each -> id(each) == 2)
                .singleElement()
                .satisfies(each -> assertThat(Change.parseFrom(each.value()))
                        .isEqualTo(newer.toBuilder().setId(2).build()));
    }

    @Test
    void aChangeThatCannotBeReadIsPassedOverAndCounted() throws Exception {
        tell(1, 2);
        damage(2);
        tell(2, 1);
        publishAll();
        assertEachOnceAndInOrder(List.of(1L, 3L));
        assertThat(TableRows.of(database.database(), "select lost from change_publisher"))
                .containsExactly("1");
    }

    private void damage(long id) throws Exception {
        try (var db = database.connect();
                var update = db.prepareStatement("update change set body = '\\xffffffff' where id = ?")) {
            update.setLong(1, id);
            update.executeUpdate();
        }
    }

    /** As a suspended machine is: the broker ends its transaction, and fences it although nobody else is there. */
    @Test
    void whoIsHeldUpInMidTransactionBeginsAnew() throws Exception {
        tell(1, 1);
        var words = new CopyOnWriteArrayList<ChangePublisher.Word>();
        var client = new HashMap<>(CLIENT);
        client.put("transaction.timeout.ms", "1000");
        client.put("partitioner.class", HeldUp.class.getName());
        try (var publisher = new ChangePublisher(database.database(), client, prefix, words::add);
                var admin = Admin.create(Map.<String, Object>copyOf(CLIENT));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ChangePublisher.Ended> ended = threads.submit(publisher::run);
            await("publishing", 1);
            HeldUp.afterOneRecord();
            tell(2, 5);
            String id = prefix + ".changes";
            while (admin.describeTransactions(List.of(id)).description(id).get().state()
                    != TransactionState.COMPLETE_ABORT) {
                LockSupport.parkNanos(50_000_000);
            }
            HeldUp.noLonger();
            await("publishing", 6);
            publisher.close();
            assertThat(ended.get(60, TimeUnit.SECONDS)).isEqualTo(ChangePublisher.Ended.STOPPED);
        } finally {
            HeldUp.noLonger();
        }
        assertThat(words)
                .hasAtLeastOneElementOfType(ChangePublisher.Word.TriesAgain.class)
                .doesNotHaveAnyElementsOfTypes(ChangePublisher.Word.Fenced.class);
        assertEachOnceAndInOrder(LongStream.rangeClosed(1, 6).boxed().toList());
    }

    /** Whose transaction is ended because another takes its id over is not to take it back. */
    @Test
    void anAbortedTransactionThatSomebodyTakesOverWasNotEndedByTheBroker() throws Exception {
        var topics = new Topics(Map.copyOf(CLIENT), prefix);
        topics.make();
        try (var older = transactional();
                var newer = transactional()) {
            older.initTransactions();
            older.beginTransaction();
            older.send(new ProducerRecord<>(topics.position(), new byte[1], new byte[1]))
                    .get();
            older.abortTransaction();
            assertThat(topics.wasEndedByBroker(topics.changes(), () -> {})).isTrue();
            assertThat(topics.wasEndedByBroker(topics.changes(), newer::initTransactions))
                    .isFalse();
        }
    }

    private KafkaProducer<byte[], byte[]> transactional() {
        var settings = new HashMap<String, Object>(CLIENT);
        settings.put("transactional.id", prefix + ".changes");
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Where each record goes is asked of it, in mid-transaction. */
    public static final class HeldUp implements Partitioner {
        private static final int MANY = 1_000_000;
        private static final Semaphore PASSES = new Semaphore(MANY);

        static void afterOneRecord() {
            PASSES.drainPermits();
            PASSES.release();
        }

        static void noLonger() {
            PASSES.release(MANY);
        }

        @Override
        public int partition(
                String topic,
                Object key,
                byte @Nullable [] keyBytes,
                Object value,
                byte @Nullable [] valueBytes,
                Cluster cluster) {
            PASSES.acquireUninterruptibly();
            return Math.floorMod(key.hashCode(), cluster.partitionCountForTopic(topic));
        }

        @Override
        public void configure(Map<String, ?> settings) {}

        @Override
        public void close() {}
    }

    private ChangePublisher publisher(Database of) {
        return publisher(of, _ -> {});
    }

    private ChangePublisher publisher(Database of, Consumer<ChangePublisher.Word> says) {
        return new ChangePublisher(of, CLIENT, prefix, says);
    }

    private void publishAll() throws Exception {
        try (var publisher = publisher(database.database());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ChangePublisher.Ended> ended = threads.submit(publisher::run);
            while (published() < last()) {
                LockSupport.parkNanos(50_000_000);
                assertThat(ended.isDone()).isFalse();
            }
            publisher.close();
            ended.get(60, TimeUnit.SECONDS);
        }
    }

    private void await(String state) throws Exception {
        await(state, 0);
    }

    private void await(String state, long id) throws Exception {
        String question =
                "select 1 from change_publisher where state = '%s' and published_id >= %d".formatted(state, id);
        while (TableRows.of(database.database(), question).isEmpty()) {
            LockSupport.parkNanos(50_000_000);
        }
    }

    private long published() throws Exception {
        return Long.parseLong(
                TableRows.of(database.database(), "select coalesce(max(published_id), 0) from change_publisher")
                        .getFirst());
    }

    private long last() throws Exception {
        try (var db = database.connect()) {
            return Outbox.range(db).last();
        }
    }

    /** Changes of five blobs, all in one transaction. */
    private void tell(long checkpoint, int count) throws Exception {
        try (var db = database.connect()) {
            db.setAutoCommit(false);
            Outbox.append(
                    db,
                    IntStream.range(0, count)
                            .mapToObj(i -> change(checkpoint, i))
                            .toList());
            db.commit();
        }
    }

    private static Change change(long checkpoint, int ordinal) {
        var change = Change.newBuilder();
        change.getPlaceBuilder().setCheckpoint(checkpoint).setOrdinal(ordinal);
        change.getBlobCertifiedBuilder().setBlobId("blob-" + ordinal % 5).setEpoch((int) checkpoint);
        return change.build();
    }

    private void assertEachOnceAndInOrder(List<Long> expected) {
        var ids = new ArrayList<Long>();
        var lastOfKey = new HashMap<String, Long>();
        for (ConsumerRecord<String, byte[]> each : records()) {
            long id = id(each);
            ids.add(id);
            assertThat(lastOfKey.getOrDefault(each.key(), 0L))
                    .as("before %d of %s, seed %d", id, each.key(), seed)
                    .isLessThan(id);
            lastOfKey.put(each.key(), id);
        }
        assertThat(ids.stream().sorted().toList()).as("seed %d", seed).isEqualTo(expected);
    }

    private static long id(ConsumerRecord<String, byte[]> each) {
        try {
            Change change = Change.parseFrom(each.value());
            assertThat(new String(each.headers().lastHeader("id").value())).isEqualTo(Long.toString(change.getId()));
            return change.getId();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<ConsumerRecord<String, byte[]>> records() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", BROKER.bootstrapServers(),
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest");
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(prefix + ".changes").stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(each -> consumer.position(each.getKey()) < each.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    private Process victim() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        database.database().jdbcUrl(),
                        database.database().user(),
                        database.database().password(),
                        BROKER.bootstrapServers(),
                        prefix)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Publishes until it is killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) throws InterruptedException {
            System.out.println("begun");
            new ChangePublisher(new Database(args[0], args[1], args[2]), Map.of("bootstrap.servers", args[3]), args[4])
                    .run();
        }
    }
}
