package dev.vibrissa.benchmarks;

import com.google.protobuf.ByteString;
import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.kafka.FactsFeed;
import dev.vibrissa.indexer.kafka.KafkaSettings;
import dev.vibrissa.indexer.kafka.RangeWorker;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.Room;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.kafka.v1.Envelope;
import dev.vibrissa.kafka.v1.PackageVersion;
import dev.vibrissa.kafka.v1.Range;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.EmbeddedPostgres;
import dev.vibrissa.migrations.EmbeddedPostgresConfig;
import dev.vibrissa.migrations.Schema;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.testbroker.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * {@code ./vibrissa bench kafka}: extraction of ranges with one worker and with two, and the way of facts into PostgreSQL with a
 * broker beside the way without.
 */
final class KafkaBench implements AutoCloseable {
    private static final int PARTITIONS = 8;
    private static final int RANGE = 50;
    private static final String USAGE = """
            usage: bench kafka [--checkpoints N] [--rounds N] [--out FILE]

              --checkpoints N   extracted in one run of the workers   (20000)
              --rounds N        of each side, medians are printed     (3)
              --out FILE        write the page there too

            Exit code 0: all outputs equal; 1: some differ; 2: wrong usage.
            """;

    private final WalrusNetwork network = WalrusNetwork.mainnet();
    private final TestBroker broker = TestBroker.start();
    private final EmbeddedPostgres postgres;
    private final List<Path> scenarios;
    private int names;

    private KafkaBench(Path folder, List<Path> scenarios) {
        this.postgres = EmbeddedPostgres.start(folder, EmbeddedPostgresConfig.defaults());
        this.scenarios = scenarios;
    }

    /** Checkpoints per second or facts per second, and what came out. */
    private record Run(double perSecond, String sha256) {}

    /** @return the exit code */
    static int run(String[] arguments) throws Exception {
        int checkpoints = 20_000;
        int rounds = 3;
        Optional<Path> out = Optional.empty();
        try {
            for (int i = 0; i < arguments.length; i += 2) {
                String value = arguments[i + 1];
                switch (arguments[i]) {
                    case "--checkpoints" -> checkpoints = Integer.parseInt(value);
                    case "--rounds" -> rounds = Integer.parseInt(value);
                    case "--out" -> out = Optional.of(Path.of(value));
                    default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
                }
            }
            if (checkpoints < RANGE || rounds < 1) {
                throw new IllegalArgumentException("at least %d checkpoints and one round".formatted(RANGE));
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            System.err.println(e.getMessage());
            System.err.println(USAGE);
            return 2;
        }
        var report = new Report();
        report.text("## `./vibrissa bench kafka`");
        report.text("");
        report.text(Machine.description());
        Path folder = Files.createTempDirectory("vibrissa-bench-kafka");
        Path parent = Machine.project().resolve("indexer/src/test/resources/scenarios");
        List<Path> scenarios;
        try (Stream<Path> children = Files.list(parent)) {
            scenarios = children.filter(Files::isDirectory).sorted().toList();
        }
        try (var bench = new KafkaBench(folder.resolve("data"), scenarios)) {
            bench.workers(report, checkpoints, rounds);
            bench.endToEnd(report, rounds);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
        System.out.print(report.markdown());
        if (out.isPresent()) {
            Files.writeString(out.get(), report.markdown());
        }
        return report.hasFailed() ? 1 : 0;
    }

    /** All scenarios in memory, over and over: number {@code n} brings the file that is {@code n} modulo their count. */
    private record Repeated(List<RawCheckpoint> files) implements CheckpointSource {
        @Override
        public String kind() {
            return "directory";
        }

        @Override
        public String location() {
            return "memory";
        }

        @Override
        public long first() {
            return 0;
        }

        @Override
        public Optional<Long> last() {
            return Optional.empty();
        }

        @Override
        public Optional<RawCheckpoint> fetch(long sequenceNumber, Room room) throws InterruptedException {
            var file = files.get((int) (sequenceNumber % files.size()));
            room.take(file.bytes().length);
            return Optional.of(new RawCheckpoint(
                    file.sequenceNumber(), file.name(), file.bytes().clone()));
        }
    }

    /** One scenario in memory. */
    private record InMemory(NavigableMap<Long, RawCheckpoint> files) implements CheckpointSource {
        @Override
        public String kind() {
            return "directory";
        }

        @Override
        public String location() {
            return "memory";
        }

        @Override
        public long first() {
            return files.firstKey();
        }

        @Override
        public Optional<Long> last() {
            return Optional.of(files.lastKey());
        }

        @Override
        public Optional<RawCheckpoint> fetch(long sequenceNumber, Room room) throws InterruptedException {
            var file = files.get(sequenceNumber);
            if (file == null) {
                return Optional.empty();
            }
            room.take(file.bytes().length);
            return Optional.of(
                    new RawCheckpoint(sequenceNumber, file.name(), file.bytes().clone()));
        }
    }

    private static InMemory read(List<Path> folders) throws Exception {
        var files = new TreeMap<Long, CheckpointSource.RawCheckpoint>();
        for (Path folder : folders) {
            try (Stream<Path> found = Files.list(folder)) {
                for (Path file : found.filter(each -> each.toString().endsWith(".binpb.zst"))
                        .toList()) {
                    String name = file.getFileName().toString();
                    long number = Long.parseLong(name.substring(0, name.indexOf('.')));
                    files.put(
                            number,
                            new CheckpointSource.RawCheckpoint(number, file.toString(), Files.readAllBytes(file)));
                }
            }
        }
        return new InMemory(files);
    }

    private void workers(Report report, int checkpoints, int rounds) throws Exception {
        var source = new Repeated(List.copyOf(read(scenarios).files().values()));
        extract(source, 1, checkpoints / 4); // a warm-up
        var one = new ArrayList<Run>();
        var two = new ArrayList<Run>();
        for (int round = 0; round < rounds; round++) {
            one.add(extract(source, 1, checkpoints));
            two.add(extract(source, 2, checkpoints));
        }
        report.text("");
        report.text("### Extraction of ranges");
        report.text("");
        report.text(
                "%,d checkpoints in ranges of %d, one decoding thread a worker, broker and workers on the same machine, medians of %d rounds"
                        .formatted(checkpoints, RANGE, rounds));
        report.table(
                List.of("", "checkpoints/s", "ratio"),
                List.of(
                        List.of("one worker", Report.number(median(one)), "1"),
                        List.of("two workers", Report.number(median(two)), Report.number(median(two) / median(one)))));
        report.claim("one and two published the same, SHA-256 " + one.getFirst().sha256(), allEqual(one, two));
    }

    /** Publishes the ranges, lets workers at them, and reads until everything has come. */
    private Run extract(CheckpointSource source, int workers, int checkpoints) throws Exception {
        var settings = settings();
        String empty = newDatabase();
        createTopics(settings);
        publishRanges(settings, checkpoints);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < workers; i++) {
            threads.add(worker(settings, database(empty), source, 1, "worker-" + i));
        }
        try {
            return readFacts(settings, checkpoints);
        } finally {
            end(threads);
            drop(empty);
        }
    }

    private void createTopics(KafkaSettings settings) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(Stream.of(".ranges", ".facts")
                            .map(topic ->
                                    new NewTopic(settings.prefix() + topic, Optional.of(PARTITIONS), Optional.empty()))
                            .toList())
                    .all()
                    .get();
        }
    }

    private void publishRanges(KafkaSettings settings, int checkpoints) {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (long first = 0; first < checkpoints; first += RANGE) {
                var range = Range.newBuilder()
                        .setSchema(1)
                        .setFirst(first)
                        .setLast(Math.min(checkpoints, first + RANGE) - 1)
                        .setAttempt(1);
                network.walrus()
                        .ids()
                        .forEach((version, id) -> range.addPackages(PackageVersion.newBuilder()
                                .setVersion(version)
                                .setPackageId(ByteString.copyFrom(id.toByteArray()))));
                producer.send(new ProducerRecord<>(
                        settings.prefix() + ".ranges",
                        (int) (first / RANGE % PARTITIONS),
                        Long.toString(first).getBytes(StandardCharsets.US_ASCII),
                        range.build().toByteArray()));
            }
        }
    }

    /** From the first record that came: joining a group takes as long for one as for a million. */
    private Run readFacts(KafkaSettings settings, int checkpoints) throws Exception {
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(IntStream.range(0, PARTITIONS)
                    .mapToObj(each -> new TopicPartition(settings.prefix() + ".facts", each))
                    .toList());
            // A sum of hashes: whatever order they come in. One more in each range, so that equal checkpoints count.
            var sum = new byte[32];
            var places = new TreeMap<Long, Integer>();
            long begin = 0;
            int seen = 0;
            int uncounted = 0;
            while (seen < checkpoints) {
                var records = consumer.poll(Duration.ofSeconds(1));
                for (var record : records) {
                    var envelope = Envelope.parseFrom(record.value());
                    int place = places.merge(envelope.getRangeFirst(), 1, Integer::sum);
                    var digest = MessageDigest.getInstance("SHA-256");
                    digest.update((envelope.getRangeFirst() + " " + place + " ").getBytes(StandardCharsets.US_ASCII));
                    digest.update(envelope.getPart().getBytes().asReadOnlyByteBuffer());
                    byte[] hash = digest.digest();
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] += hash[i];
                    }
                    seen++;
                }
                if (begin == 0 && seen > 0) {
                    begin = System.nanoTime();
                    uncounted = seen;
                }
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new Run((seen - uncounted) / seconds, HexFormat.of().formatHex(sum));
        }
    }

    private void endToEnd(Report report, int rounds) throws Exception {
        var without = new ArrayList<Run>();
        var with = new ArrayList<Run>();
        var settings = settings();
        String empty = newDatabase();
        var worker = worker(
                settings,
                database(empty),
                read(scenarios),
                Runtime.getRuntime().availableProcessors(),
                "beside the projector");
        try {
            for (int round = -1; round < rounds; round++) { // one more, to warm up and to join the group
                var alone = index(Optional.empty());
                var shared = index(Optional.of(settings));
                if (round >= 0) {
                    without.add(alone);
                    with.add(shared);
                }
            }
        } finally {
            end(List.of(worker));
            drop(empty);
        }
        report.text("");
        report.text("### Facts into PostgreSQL");
        report.text("");
        report.text(
                "%d scenarios, each into a database of its own, projections folded, fsync on; one extractor in the projector's process; medians of %d rounds"
                        .formatted(scenarios.size(), rounds));
        report.table(
                List.of("", "facts/s", "ratio"),
                List.of(
                        List.of("without a broker", Report.number(median(without)), "1"),
                        List.of(
                                "through Kafka",
                                Report.number(median(with)),
                                Report.number(median(with) / median(without)))));
        report.claim("both stored the same rows, SHA-256 " + without.getFirst().sha256(), allEqual(without, with));
    }

    /** All scenarios, one after the other. */
    private Run index(Optional<KafkaSettings> settings) throws Exception {
        double seconds = 0;
        long facts = 0;
        var digest = MessageDigest.getInstance("SHA-256");
        for (Path scenario : scenarios) {
            var source = read(List.of(scenario));
            String name = newDatabase();
            var database = database(name);
            var ingest = new Ingest(
                    database,
                    network,
                    Optional.of("bench"),
                    TrustAnchor.parse(
                            scenario.resolve("trust-anchor.committee.bcs").toString()),
                    Ingest.Limits.ofThisMachine(),
                    Ingest.Snapshot.NONE,
                    settings.map(each -> FactsFeed.through(database, each, _ -> {})));
            long begin = System.nanoTime();
            facts += ingest.run(source, Progress.SILENT).facts();
            seconds += (System.nanoTime() - begin) / 1e9;
            try (Connection db = database.connect()) {
                db.setAutoCommit(false);
                digest.update(FactTables.sha256(db).getBytes(StandardCharsets.US_ASCII));
            }
            drop(name);
        }
        return new Run(facts / seconds, HexFormat.of().formatHex(digest.digest()));
    }

    private KafkaSettings settings() {
        return KafkaSettings.of(broker.bootstrapServers(), "bench-" + ++names, Map.of())
                .withRangesOf(RANGE);
    }

    private Thread worker(
            KafkaSettings settings, Database database, CheckpointSource source, int decoders, String instance) {
        var limits = Ingest.Limits.ofThisMachine();
        var worker = new RangeWorker(
                database,
                network,
                new TrustAnchor.Unverified(),
                settings,
                new Ingest.Limits(limits.bytesInFlight(), decoders, limits.batchCheckpoints(), limits.batchFacts()),
                instance,
                _ -> {});
        return Thread.ofPlatform().name(instance).start(() -> {
            try {
                worker.run(source);
            } catch (InterruptedException e) {
                // The round is over.
            }
        });
    }

    private static void end(List<Thread> threads) throws InterruptedException {
        threads.forEach(Thread::interrupt);
        for (Thread each : threads) {
            each.join();
        }
    }

    private static boolean allEqual(List<Run> some, List<Run> others) {
        return Stream.concat(some.stream(), others.stream())
                        .map(Run::sha256)
                        .distinct()
                        .count()
                == 1;
    }

    private static double median(List<Run> runs) {
        return Report.median(runs.stream().mapToDouble(Run::perSecond).toArray());
    }

    private String newDatabase() throws SQLException {
        String name = "bench_" + ++names;
        execute("create database " + name);
        Schema.migrate(database(name));
        return name;
    }

    private void drop(String name) throws SQLException {
        execute("drop database " + name);
    }

    private Database database(String name) {
        return new Database(
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(postgres.port(), name),
                postgres.user(),
                postgres.password());
    }

    private void execute(String sql) throws SQLException {
        try (Connection db = database("postgres").connect();
                Statement statement = db.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        broker.close();
        postgres.close();
    }
}
