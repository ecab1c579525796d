package dev.vibrissa.indexer.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.TipPriority;
import dev.vibrissa.indexer.extract.Extractor;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.source.SourceException;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.kafka.v1.Envelope;
import dev.vibrissa.kafka.v1.Part;
import dev.vibrissa.kafka.v1.Range;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TcpProxy;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.testbroker.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole scenarios through a real broker: whatever happens, what is stored is what one process alone would have stored. */
@Timeout(300)
class SharedExtractionTest {
    private static final String SCENARIO = "blob-life";

    private static final int SECOND_PORT = TestBroker.freePort();

    /** Before the second way to the broker, which one role at a time takes. */
    @AutoClose
    static final TcpProxy CABLE = new TcpProxy("127.0.0.1", SECOND_PORT);

    @AutoClose
    static final TestBroker BROKER = TestBroker.withSecondWay(SECOND_PORT, CABLE.port());

    /** Stands for a projector that dies. */
    private static final class Killed extends RuntimeException {}

    @ParameterizedTest
    @CsvSource({"blob-life, 1", "governance, 2"})
    void extractorsMakeNoDifference(String scenario, int extractors) throws Exception {
        try (var shared = new SharedExtraction(BROKER, scenario)) {
            for (int i = 0; i < extractors; i++) {
                shared.extractor("x" + i);
            }
            assertThat(shared.project().anchored()).isTrue();
            shared.isLikeUndisturbed();
            assertThat(shared.text("select count(*) from extraction_range where complete_at is null"))
                    .isEqualTo("0");
            assertThat(shared.text("select count(*) from dead_letter")).isEqualTo("0");
            if (scenario.equals("governance")) {
                // Ranges that were asked for before a contract upgrade, and again after it.
                assertThat(shared.text(
                                "select count(*) > 0 from extraction_range where reason = 'packages were learned'"))
                        .isEqualTo("t");
            }
        }
    }

    @Test
    void aProjectorThatDiesAgainAndAgainAndIsToldEverythingTwice() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO)) {
            shared.extractor("x");
            for (int deaths = 0; ; deaths++) {
                try {
                    shared.project(dyingAfter(3));
                    assertThat(deaths).isGreaterThan(4);
                    break;
                } catch (Killed _) {
                    if (deaths % 2 == 0) {
                        execute(shared, "update kafka_offset set next_offset = 0");
                    }
                }
            }
            shared.isLikeUndisturbed();
        }
    }

    @Test
    void extractorsThatComeAndGo() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO)) {
            var first = new CompletableFuture<Thread>();
            first.complete(shared.extractor("first", shared.interrupted(1040, () -> shared.extractor("second"))));
            var commits = new AtomicInteger();
            shared.project(_ -> {
                if (commits.incrementAndGet() == 10) {
                    first.join().interrupt();
                }
            });
            shared.isLikeUndisturbed();
        }
    }

    @Test
    void aProducerThatIsFencedInTheMiddle() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO)) {
            shared.extractor("x", shared.interrupted(1050, () -> {
                try (var usurper = shared.settings.factsProducer("x")) {
                    usurper.initTransactions();
                }
            }));
            shared.project();
            shared.isLikeUndisturbed();
            assertThat(shared.text("select times from kafka_tally where what = 'fenced'"))
                    .isEqualTo("1");
        }
    }

    @Test
    void aBrokerThatIsKilledIsNamedByBothAndWaitedFor() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO)) {
            var extractor = new CompletableFuture<String>();
            var projector = new CompletableFuture<String>();
            shared.extractorSays = word -> completeIfAway(word, extractor);
            shared.projectorSays = word -> completeIfAway(word, projector);
            shared.extractor("x");
            var commits = new AtomicInteger();
            var restarted = new CompletableFuture<Void>();
            shared.project(_ -> {
                if (commits.incrementAndGet() == 5) {
                    BROKER.kill();
                    Thread.ofPlatform().start(() -> {
                        CompletableFuture.allOf(extractor, projector)
                                .orTimeout(60, TimeUnit.SECONDS)
                                .exceptionally(_ -> null)
                                .join();
                        BROKER.startAgain();
                        restarted.complete(null);
                    });
                }
            });
            restarted.get(60, TimeUnit.SECONDS);
            assertThat(extractor).isCompletedWithValueMatching(reason -> reason.startsWith("Kafka: "));
            assertThat(projector).isCompletedWithValueMatching(reason -> reason.startsWith("Kafka: "));
            shared.isLikeUndisturbed();
        } finally {
            BROKER.startAgain();
        }
    }

    /** Without a word, as a cable that was pulled; the other role has the broker all the time. */
    @ParameterizedTest
    @ValueSource(strings = {"extractor", "projector"})
    void aNetworkThatIsCutBetweenARoleAndTheBroker(String role) throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO)) {
            var away = new CompletableFuture<String>();
            if (role.equals("extractor")) {
                shared.extractorsWay = "127.0.0.1:" + CABLE.port();
                shared.extractorSays = word -> completeIfAway(word, away);
            } else {
                shared.projectorsWay = "127.0.0.1:" + CABLE.port();
                shared.projectorSays = word -> completeIfAway(word, away);
            }
            shared.extractor("x");
            var commits = new AtomicInteger();
            var mended = new CompletableFuture<String>();
            shared.project(_ -> {
                if (commits.incrementAndGet() == 5) {
                    CABLE.goQuiet();
                    Thread.ofPlatform().start(() -> {
                        away.completeOnTimeout("nobody noticed", 60, TimeUnit.SECONDS)
                                .join();
                        CABLE.mend();
                        mended.complete(away.join());
                    });
                }
            });
            assertThat(mended.get(60, TimeUnit.SECONDS)).startsWith("Kafka: ");
            shared.isLikeUndisturbed();
        } finally {
            CABLE.mend();
        }
    }

    @Test
    void topicsThatAreDeleted() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO);
                var admin = shared.admin()) {
            shared.extractor("x");
            var deleted = new AtomicBoolean();
            shared.project(position -> {
                // At most 64 are asked for ahead: what comes after those can only come through topics made anew.
                if (position.last() >= 1020 && deleted.compareAndSet(false, true)) {
                    admin.deleteTopics(List.of(shared.settings.factsTopic(), shared.settings.rangesTopic()));
                }
            });
            shared.isLikeUndisturbed();
            assertThat(deleted).isTrue();
            assertThat(shared.text("select count(*) > 0 from extraction_range where attempt > 1"))
                    .as("asked for again")
                    .isEqualTo("t");
        }
    }

    @Test
    void aDatabaseThatEndsAllSessions() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO)) {
            shared.extractor("x");
            var commits = new AtomicInteger();
            Progress ending = _ -> {
                if (commits.incrementAndGet() % 5 == 0) {
                    execute(
                            shared,
                            "select pg_terminate_backend(pid) from pg_stat_activity"
                                    + " where datname = current_database() and pid <> pg_backend_pid()");
                }
            };
            int ends = 0;
            while (true) {
                try {
                    shared.project(ending);
                    break;
                } catch (SQLException _) {
                    ends++;
                }
            }
            assertThat(ends).isPositive();
            shared.isLikeUndisturbed();
        }
    }

    @Test
    void recordsThatNobodyCanMakeSenseOf() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO);
                var admin = shared.admin();
                var producer = shared.settings.rangesProducer()) {
            Topics.ensure(admin, shared.settings);
            var range = Range.newBuilder()
                    .setSchema(Wire.SCHEMA)
                    .setFirst(1000)
                    .setLast(1007)
                    .setAttempt(1)
                    .build();
            List<byte[]> poison = List.of(
                    "neither this".getBytes(StandardCharsets.UTF_8),
                    Envelope.newBuilder().setSchema(99).build().toByteArray(),
                    Envelope.newBuilder().setSchema(Wire.SCHEMA).build().toByteArray(),
                    part(1000, 0, 1, "no facts".getBytes(StandardCharsets.UTF_8)),
                    part(1001, 0, 1, facts(1002)),
                    part(1004, 1, 2, facts(1004)),
                    // With a reason that PostgreSQL cannot keep as it is.
                    part(1005, 0, 1, withChange(1005, "x\0")),
                    part(1007, 0, 1, forged(1007)),
                    // These fit the chain, and yet cannot be stored. What the same one made of the range besides is not
                    // even tried.
                    part(1011, 0, 1, withTooMuchPaid(1011)),
                    part(1018, 0, 1, withWalChangedTwice(1018)),
                    part(1019, 0, 1, withWalChangedTwice(1019)));
            for (byte[] each : poison) {
                producer.send(new ProducerRecord<>(shared.settings.factsTopic(), Wire.key(1000), each))
                        .get();
            }
            producer.send(new ProducerRecord<>(shared.settings.factsTopic(), null, new byte[] {1}))
                    .get();
            producer.send(new ProducerRecord<>(shared.settings.factsTopic(), Wire.key(1000), null))
                    .get();
            producer.send(new ProducerRecord<>(shared.settings.rangesTopic(), range.toByteArray(), new byte[] {7}))
                    .get();
            shared.extractor("x");
            shared.project();
            shared.isLikeUndisturbed();
            assertThat(shared.text("select count(*) from dead_letter where topic like '%.facts'"))
                    .isEqualTo(Integer.toString(poison.size() - 1 + 2));
            assertThat(shared.text("select reason from dead_letter where reason like 'checkpoint 1011 %'"))
                    .contains("cannot be stored: java.lang.ArithmeticException");
            assertThat(shared.text("select count(*) from dead_letter where topic like '%.ranges'"))
                    .isEqualTo("1");
        }
    }

    /** What is read again because nobody answers has not failed again. */
    @Test
    void poisonThatIsReadAgainIsNoNewFailure() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO, 16 << 20, Duration.ofMillis(20));
                var admin = shared.admin();
                var producer = shared.settings.rangesProducer()) {
            Topics.ensure(admin, shared.settings);
            producer.send(new ProducerRecord<>(shared.settings.factsTopic(), Wire.key(1000), new byte[] {7}))
                    .get();
            shared.projectorSays = word -> {
                if (word.reason().contains("was asked for 11 times in vain")) {
                    throw new Killed();
                }
            };
            assertThatThrownBy(shared::project).isInstanceOf(Killed.class);
            assertThat(shared.text("select count(*) from dead_letter")).isEqualTo("1");
        }
    }

    private static byte[] withChange(long number, String change) throws Exception {
        var message = dev.vibrissa.kafka.v1.CheckpointFacts.parseFrom(facts(number)).toBuilder();
        message.addTransactions(
                0,
                message.getTransactions(0).toBuilder()
                        .clearEvents()
                        .addObjects(dev.vibrissa.kafka.v1.ObjectChange.newBuilder()
                                .setId(com.google.protobuf.ByteString.copyFrom(new byte[32]))
                                .setChange(change)));
        return message.build().toByteArray();
    }

    /** Folding it has to multiply what no long can hold. */
    private static byte[] withTooMuchPaid(long number) throws Exception {
        var message = dev.vibrissa.kafka.v1.CheckpointFacts.parseFrom(facts(number)).toBuilder();
        message.getTransactionsBuilder(0)
                .getSystemBuilder()
                .setNShards(1000)
                .setEpoch(1)
                .clearRing()
                .addRing(dev.vibrissa.kafka.v1.RingChange.newBuilder()
                        .setFirstEpoch(1)
                        .setEndEpoch(40)
                        .setRewards(Long.MAX_VALUE / 2));
        return message.build().toByteArray();
    }

    /** One row twice: nothing of a checkpoint speaks against it, but the table does. */
    private static byte[] withWalChangedTwice(long number) throws Exception {
        var change = dev.vibrissa.kafka.v1.WalChange.newBuilder()
                .setTransaction(ByteString.copyFrom(new byte[32]))
                .setAddress(ByteString.copyFrom(new byte[32]))
                .setAmount(1);
        return dev.vibrissa.kafka.v1.CheckpointFacts.parseFrom(facts(number)).toBuilder()
                .addWalChanges(change)
                .addWalChanges(change)
                .build()
                .toByteArray();
    }

    @Test
    void whatCannotBeStoredByAnybodyStopsTheProjectorAndSaysWhy() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO)) {
            // As what is too large for an index.
            execute(shared, """
                    create function refuse() returns trigger language plpgsql as
                      $$ begin raise program_limit_exceeded; end $$;
                    create trigger refused before insert on checkpoint
                      for each row when (new.sequence_number = 1020) execute function refuse()
                    """);
            var said = new ConcurrentLinkedQueue<String>();
            var open = new ConcurrentLinkedQueue<String>();
            shared.projectorSays = word -> {
                said.add(word.reason());
                if (word.reason().contains("cannot be stored")) {
                    open.addAll(openTransactions(shared));
                }
            };
            shared.extractor("x");
            assertThatThrownBy(shared::project)
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("checkpoint 1020 cannot be stored: SQLSTATE 54000");
            assertThat(open).as("transactions open while others are asked").isEmpty();
            assertThat(said).anyMatch(reason -> reason.contains("checkpoint 1020 cannot be stored"));
            assertThat(shared.text("select last_checkpoint from watermark where pipeline = 'facts'"))
                    .isEqualTo("1019");
            execute(shared, "drop trigger refused on checkpoint");
            shared.project();
            shared.isLikeUndisturbed();
        }
    }

    private static List<String> openTransactions(SharedExtraction shared) {
        try {
            return TableRows.of(shared.db(), """
                    select query from pg_stat_activity
                    where datname = current_database() and state like 'idle in transaction%'
                    """);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What comes before its turn and finds no room is let go, and asked for again when its turn comes. */
    @Test
    void littleRoomIsEnough() throws Exception {
        int room = 50_000;
        try (var shared = new SharedExtraction(BROKER, SCENARIO, room, Duration.ofSeconds(1));
                var admin = shared.admin();
                var producer = shared.settings.rangesProducer()) {
            Topics.ensure(admin, shared.settings);
            // Much that nobody ends, of what is asked for and of what is not.
            for (int i = 0; i < 20; i++) {
                byte[] begun = part("publisher " + i, 1000 + i * 10L, 0, 2, new byte[room]);
                producer.send(new ProducerRecord<>(shared.settings.factsTopic(), Wire.key(1000), begun))
                        .get();
            }
            shared.extractor("x");
            shared.extractor("y");
            var feeds = new ArrayList<FactsFeed>();
            var elsewhere = FactsFeed.through(shared.db(), shared.settings, _ -> {});
            shared.ingest(500, (first, last, packages, verifier, tip) -> {
                        var feed = (FactsFeed) elsewhere.open(first, last, packages, verifier, tip);
                        feeds.add(feed);
                        return feed;
                    })
                    .run(SharedExtraction.source(SCENARIO), Progress.SILENT);
            shared.isLikeUndisturbed();
            int most = LongStream.rangeClosed(1000, 1143)
                    .mapToInt(number -> length(number))
                    .max()
                    .orElseThrow();
            assertThat(feeds)
                    .allSatisfy(feed -> assertThat(feed.mostBytes())
                            .as("bytes held and handed out")
                            .isLessThanOrEqualTo(2L * (room + most)));
            assertThat(shared.text("select count(*) from kafka_offset where next_offset = 0 and end_offset > 0"))
                    .as("partitions held up by what nobody ends")
                    .isEqualTo("0");
        }
    }

    private static int length(long number) {
        try {
            return facts(number).length;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A source that stands still holds up its extractor, and nobody else. */
    @Test
    void anExtractorWhoseSourceStandsStillHoldsUpNobody() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO)) {
            shared.extractor("x", shared.standingStillBefore(1020, () -> shared.extractor("y")));
            shared.project();
            shared.isLikeUndisturbed();
            assertThat(shared.text("select count(*) > 0 from extraction_range where reason = 'others came before it'"))
                    .as("asked of another before everybody was silent")
                    .isEqualTo("t");
        }
    }

    /** It does not even listen to the group, which has to go on without it. */
    @Test
    void anExtractorThatHangsInItsSourceLosesItsPartitions() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO)) {
            shared.mostBetweenPolls = Duration.ofSeconds(2);
            shared.extractor("x", shared.hangingAt(1020, () -> shared.extractor("y")));
            shared.project();
            shared.isLikeUndisturbed();
        }
    }

    /** All of them stand still: that is no failure, the reason is told, and there is nothing to catch up with. */
    @Test
    void whatNoSourceHasYetIsWaitedFor() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO)) {
            var tip = TipPriority.ofATip();
            var behind = new AtomicBoolean(true);
            var waited = new AtomicInteger();
            var first = shared.extractor("x", shared.standingStillBefore(1020, () -> {}));
            shared.projectorSays = word -> {
                if (word.reason().contains("has no checkpoint 1020 yet") && waited.incrementAndGet() == 10) {
                    behind.set(tip.isBehind());
                    first.interrupt();
                    shared.extractor("y");
                }
            };
            shared.ingest(7).run(SharedExtraction.source(SCENARIO), Progress.SILENT, tip);
            assertThat(waited).hasValueGreaterThanOrEqualTo(10);
            assertThat(behind).isFalse();
            shared.isLikeUndisturbed();
        }
    }

    /** Between two checkpoints of a catch-up nothing is caught up with, or history would be filled in beside it. */
    @Test
    void aCatchUpThatWaitsForExtractorsIsNoTip() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO, 16 << 20, Duration.ofSeconds(60))) {
            var tip = TipPriority.ofATip();
            var stored = new CompletableFuture<Void>();
            var held = new AtomicInteger();
            shared.extractor("x", shared.interrupted(1016, () -> {
                stored.orTimeout(60, TimeUnit.SECONDS).join();
                while (tip.isBehind() && held.incrementAndGet() < 20) {
                    LockSupport.parkNanos(10_000_000); // for some polls of the projector
                }
            }));
            shared.ingest(7)
                    .run(
                            SharedExtraction.source(SCENARIO),
                            position -> {
                                if (position.last() == 1015) {
                                    stored.complete(null);
                                }
                            },
                            tip);
            assertThat(held).hasValue(20);
        }
    }

    @Test
    void whatNobodyHasStopsTheProjectorAndSaysWhy() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO)) {
            var some = FileSource.of(LongStream.rangeClosed(1000, 1019)
                    .mapToObj(SharedExtractionTest::file)
                    .toList());
            shared.extractor("x", some);
            assertThatThrownBy(shared::project)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("checkpoints 1016 to 1023 could not be extracted")
                    .hasMessageContaining("1020");
            assertThat(shared.text("select last_checkpoint from watermark where pipeline = 'facts'"))
                    .isEqualTo("1019");
        }
    }

    @Test
    void anyFaultOfExtractionIsToldToTheProjector() throws Exception {
        try (var shared = new SharedExtraction(BROKER, SCENARIO)) {
            shared.extractor("x", shared.failingAt(1020));
            assertThatThrownBy(shared::project)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("checkpoints 1016 to 1023 could not be extracted")
                    .hasMessageContaining("a reader that broke");
        }
    }

    private static void completeIfAway(Word word, CompletableFuture<String> told) {
        if (word instanceof Word.TriesAgain(var reason)) {
            told.complete(reason);
        }
    }

    private static Progress dyingAfter(int commits) {
        var left = new AtomicInteger(commits);
        return _ -> {
            if (left.decrementAndGet() == 0) {
                throw new Killed();
            }
        };
    }

    private static void execute(SharedExtraction shared, String sql) {
        try (var db = shared.db().connect();
                var statement = db.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] part(long number, int index, int count, byte[] bytes) {
        return part("nobody", number, index, count, bytes);
    }

    private static byte[] part(String publisher, long number, int index, int count, byte[] bytes) {
        return Envelope.newBuilder()
                .setSchema(Wire.SCHEMA)
                .setRangeFirst(1000)
                .setRangeLast(1007)
                .setAttempt(1)
                .setPublisher(publisher)
                .setPart(Part.newBuilder()
                        .setSequenceNumber(number)
                        .setIndex(index)
                        .setCount(count)
                        .setBytes(ByteString.copyFrom(bytes)))
                .build()
                .toByteArray();
    }

    private static Path file(long number) {
        return SharedExtraction.directory(SCENARIO).resolve(number + ".binpb.zst");
    }

    private static byte[] facts(long number) throws Exception {
        var checkpoint = CheckpointFile.read(Files.readAllBytes(file(number)), "file");
        var network = WalrusNetwork.mainnet();
        return FactsCodec.encode(checkpoint, Extractor.extract(checkpoint, network.walrus(), network));
    }

    /** Fits together, but nobody signed it. */
    private static byte[] forged(long number) throws Exception {
        var message = dev.vibrissa.kafka.v1.CheckpointFacts.parseFrom(facts(number)).toBuilder();
        byte[] signature = message.getSignature().toByteArray();
        signature[7] ^= 1;
        return message.setSignature(ByteString.copyFrom(signature)).build().toByteArray();
    }
}
