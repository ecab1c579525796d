package dev.vibrissa.indexer.kafka;

import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.PreparedCheckpoints.Prepared;
import dev.vibrissa.indexer.RangeReader;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.SourceException;
import dev.vibrissa.indexer.source.Ticker;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.indexer.trust.ChainVerifier;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.indexer.write.ChainState;
import dev.vibrissa.kafka.v1.Range;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.protocol.sui.CheckpointFormatException;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The extractor's side: takes its share of the ranges, reads and extracts them, and publishes facts and its place among the
 * ranges in one transaction, so that one that is killed or fenced leaves nothing half.
 *
 * <p>Facts are gathered before the transaction begins, which is therefore open for milliseconds: an open one hides from
 * readers whatever others write behind it. Long ranges are published in pieces, of which only the last moves the place: a
 * range that is taken over half done is done again, and what comes twice is passed over.
 */
public final class RangeWorker {
    private static final Logger LOG = Logger.getLogger(RangeWorker.class);
    private static final int MOST_PIECE_BYTES = 4 << 20;
    private static final Duration MOST_PIECE_TIME = Duration.ofSeconds(2);

    /** While a range is worked on, the group is listened to in between. */
    private static final Duration BETWEEN_POLLS = Duration.ofMillis(500);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    /** Broker and database are asked whether they are there so often while there is nothing to do. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private final Database database;
    private final WalrusNetwork network;
    private final TrustAnchor anchor;
    private final KafkaSettings settings;
    private final Ingest.Limits limits;
    private final String instance;
    private final Consumer<Word> says;

    /**
     * @param database read only, for committees and the watermark
     * @param instance a name of its own in the group: a second one of the same name fences the first
     * @param says told what it does, several times a second
     */
    public RangeWorker(
            Database database,
            WalrusNetwork network,
            TrustAnchor anchor,
            KafkaSettings settings,
            Ingest.Limits limits,
            String instance,
            Consumer<Word> says) {
        this.database = database;
        this.network = network;
        this.anchor = anchor;
        this.settings = settings;
        this.limits = limits;
        this.instance = instance;
        this.says = says;
    }

    /**
     * Extracts what is asked for, until interrupted. Whatever the broker does in the meantime, it is waited for.
     *
     * @throws InterruptedException always
     */
    public void run(CheckpointSource source) throws InterruptedException {
        while (true) {
            try (var session = new Session(source)) {
                session.work();
            } catch (InterruptException e) {
                Thread.interrupted(); // Kafka sets the flag again
                throw new InterruptedException(e.getMessage());
            } catch (KafkaException fault) {
                boolean fenced = isFenced(fault);
                String reason = String.valueOf(
                        fault.getCause() == null
                                ? fault.getMessage()
                                : fault.getCause().getMessage());
                LOG.warnf(
                        "extractor begins anew fenced=%s reason=\"%s\" pauseMillis=%d",
                        fenced, reason, BETWEEN_TRIES.toMillis());
                says.accept(new Word.TriesAgain("Kafka: " + reason));
                count(fenced ? "fenced" : "interrupted");
                Ticker.SYSTEM.sleep(BETWEEN_TRIES);
            }
        }
    }

    private static boolean isFenced(@Nullable Throwable fault) {
        return fault != null
                && (fault instanceof ProducerFencedException
                        || fault instanceof InvalidProducerEpochException
                        || fault instanceof CommitFailedException
                        || isFenced(fault.getCause()));
    }

    private void count(String what) {
        try {
            KafkaTables.count(database, what);
        } catch (SQLException fault) {
            LOG.debugf("not counted what=%s reason=\"%s\"", what, fault.getMessage());
        }
    }

    /** One range that is ours to extract. */
    private static final class Task {
        final TopicPartition partition;
        final long offset;
        final Range range;
        /** What comes before it is published. */
        long from;
        /** The one that the source has not got, and since when of {@link System#nanoTime}. */
        long missing = -1;

        long missingSinceNanos;

        Task(TopicPartition partition, long offset, Range range) {
            this.partition = partition;
            this.offset = offset;
            this.range = range;
            this.from = range.getFirst();
        }

        /** Whether its turn has come to wait for what was asked of another before, and it waited long enough. */
        boolean isInVain(Duration mostWait) {
            if (missing != from) {
                missing = from;
                missingSinceNanos = System.nanoTime();
            }
            return range.getAttempt() > 1 && System.nanoTime() - missingSinceNanos > mostWait.toNanos();
        }
    }

    /** Until the broker fails us. */
    private final class Session implements AutoCloseable, ConsumerRebalanceListener {
        private final CheckpointSource source;
        private final Admin admin;
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final KafkaProducer<byte[], byte[]> producer;
        /** By partition, what was polled and is not done, by offset. */
        private final Map<TopicPartition, TreeMap<Long, Task>> tasks = new HashMap<>();
        /** By partition, the offset after the last one polled. */
        private final Map<TopicPartition, Long> polled = new HashMap<>();

        private ChainVerifier committees = new ChainVerifier(anchor, List.of());
        private long polledAtNanos;
        private String clusterId = "";

        /** A consumer waits for a broker that is away without a word, so the broker is asked beside it. */
        private KafkaFuture<?> pulse = KafkaFuture.completedFuture("");

        private long pulseAtNanos = System.nanoTime();
        private volatile String brokerFault = "";
        private String databaseFault = "";
        private long databaseAtNanos = System.nanoTime();

        Session(CheckpointSource source) {
            this.source = source;
            this.admin = settings.admin();
            try {
                this.consumer = settings.rangesConsumer();
            } catch (RuntimeException fault) {
                Closing.all(() -> admin.close(Duration.ZERO));
                throw fault;
            }
            try {
                this.producer = settings.factsProducer(instance);
            } catch (RuntimeException fault) {
                Closing.all(consumer::close, () -> admin.close(Duration.ZERO));
                throw fault;
            }
        }

        void work() throws InterruptedException {
            clusterId = Topics.ensure(admin, settings).clusterId();
            producer.initTransactions();
            consumer.subscribe(List.of(settings.rangesTopic()), this);
            LOG.infof("extractor joins group=%s.extractors instance=%s", settings.prefix(), instance);
            while (true) {
                poll(tasks.values().stream().allMatch(Map::isEmpty) ? POLL : Duration.ZERO);
                dropObsolete();
                var task = lowest();
                if (task.isPresent()) {
                    extract(task.get());
                }
            }
        }

        private void poll(Duration timeout) {
            polledAtNanos = System.nanoTime();
            tell();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
                var partition = new TopicPartition(record.topic(), record.partition());
                polled.merge(partition, record.offset() + 1, Math::max);
                var ofPartition = tasks.computeIfAbsent(partition, _ -> new TreeMap<>());
                try {
                    ofPartition.put(record.offset(), new Task(partition, record.offset(), Wire.range(record.value())));
                } catch (MalformedRecordException fault) {
                    putAside(record, String.valueOf(fault.getMessage()));
                }
            }
        }

        private void tell() {
            if (pulse.isDone() && System.nanoTime() - pulseAtNanos > BETWEEN_LOOKS.toNanos()) {
                pulseAtNanos = System.nanoTime();
                pulse = admin.describeCluster()
                        .clusterId()
                        .whenComplete((_, fault) -> brokerFault = fault == null ? "" : "Kafka: " + fault.getMessage());
            }
            String fault = brokerFault.isEmpty() ? databaseFault : brokerFault;
            if (!fault.isEmpty()) {
                says.accept(new Word.TriesAgain(fault));
            } else if (consumer.assignment().isEmpty()) {
                says.accept(
                        new Word.StandsBy("has no partition of the ranges: others have them all, or it just joins"));
            } else {
                says.accept(new Word.Works("takes ranges of checkpoints as they are planned"));
            }
        }

        /** Its offset is moved over with the next range that is done. */
        private void putAside(ConsumerRecord<byte[], byte[]> record, String reason) {
            LOG.warnf(
                    "dead letter topic=%s partition=%d offset=%d reason=\"%s\"",
                    record.topic(), record.partition(), (Object) record.offset(), reason);
            try (Connection db = database.connect()) {
                KafkaTables.putAside(db, clusterId, record, reason);
            } catch (SQLException fault) {
                LOG.warnf("dead letter not kept reason=\"%s\"", fault.getMessage());
            }
        }

        /** What is stored already, or asked for with a higher attempt. */
        private void dropObsolete() {
            var all = tasks.values().stream()
                    .flatMap(each -> each.values().stream())
                    .toList();
            if (all.isEmpty()) {
                if (System.nanoTime() - databaseAtNanos > BETWEEN_LOOKS.toNanos()) {
                    watermark(); // whether the database is there is health, also while there is nothing to do
                }
                return;
            }
            long stored = watermark();
            var attempts = new HashMap<Long, Integer>();
            all.forEach(task -> attempts.merge(task.range.getFirst(), task.range.getAttempt(), Math::max));
            var obsolete = all.stream()
                    .filter(task -> task.range.getLast() <= stored
                            || task.range.getAttempt() < attempts.getOrDefault(task.range.getFirst(), 0))
                    .toList();
            if (!obsolete.isEmpty()) {
                obsolete.forEach(this::done);
                publish(List.of(), true);
            }
        }

        private long watermark() {
            databaseAtNanos = System.nanoTime();
            try (Connection db = database.connect()) {
                long stored = KafkaTables.watermark(db);
                databaseFault = "";
                return stored;
            } catch (SQLException fault) {
                isAway(fault);
                LOG.debugf("watermark unknown reason=\"%s\"", fault.getMessage());
                return -1; // then what is done already is done again
            }
        }

        private void isAway(SQLException fault) {
            databaseFault = "database, SQLSTATE %s: %s".formatted(fault.getSQLState(), fault.getMessage());
        }

        private Optional<Task> lowest() {
            return tasks.values().stream()
                    .flatMap(each -> each.values().stream())
                    .min(Comparator.comparingLong(task -> task.from));
        }

        private boolean isOurs(Task task) {
            var ofPartition = tasks.get(task.partition);
            return ofPartition != null && ofPartition.get(task.offset) == task;
        }

        private void done(Task task) {
            var ofPartition = tasks.get(task.partition);
            if (ofPartition != null) {
                ofPartition.remove(task.offset);
            }
        }

        private void extract(Task task) throws InterruptedException {
            var piece = new Piece(task);
            try {
                var packages = FactsCodec.chain(task.range.getPackagesList());
                // After a pause one is looked for, then two, then more: at the tip those after it would be asked for in
                // vain.
                long window = Long.MAX_VALUE;
                while (task.from <= task.range.getLast()) {
                    long last =
                            task.range.getLast() - task.from < window ? task.range.getLast() : task.from + window - 1;
                    if (!readOn(task, last, packages, piece)) {
                        return; // it went to another
                    }
                    if (task.from > last) {
                        window = Math.max(window, window * 2);
                        continue;
                    }
                    if (!source.isFollowed()) {
                        throw new SourceException("%s has no checkpoint %d".formatted(source.location(), task.from));
                    }
                    if (task.isInVain(settings.mostWait())) {
                        piece.refuse("%s has no checkpoint %d yet".formatted(source.location(), task.from), true);
                        break;
                    }
                    piece.publish();
                    window = 1;
                    source.awaitNext(task.from);
                    poll(Duration.ZERO);
                    if (System.nanoTime() - databaseAtNanos > BETWEEN_LOOKS.toNanos()) {
                        dropObsolete(); // another may have had it
                    }
                    if (!isOurs(task) || lowest().filter(other -> other != task).isPresent()) {
                        return; // this one is gone on with later
                    }
                }
            } catch (KafkaException fault) {
                throw fault;
            } catch (RuntimeException fault) {
                // Of whatever kind: unless the projector is told, it asks for the same again for ever.
                String reason = reason(fault);
                LOG.warnf(
                        "range refused first=%d last=%d reason=\"%s\"",
                        (Object) task.range.getFirst(), task.range.getLast(), reason);
                LOG.debug("range refused", fault);
                piece.refuse(reason, false);
            }
            if (isOurs(task)) {
                done(task);
                piece.publishLast();
            }
        }

        private static String reason(RuntimeException fault) {
            return switch (fault) {
                case ChainException _, SourceException _, CheckpointFormatException _, IllegalArgumentException _ ->
                    String.valueOf(fault.getMessage());
                default -> fault.toString(); // the kind says more than the message
            };
        }

        /** As far as the source has it. Gets false if the range is not ours any more. */
        private boolean readOn(Task task, long last, PackageChain packages, Piece piece) throws InterruptedException {
            try (var reader = new RangeReader(source, task.from, last, packages, network, committees(), limits)) {
                for (Optional<Prepared> next = reader.next(); next.isPresent(); next = reader.next()) {
                    piece.add(next.get());
                    task.from++;
                    if (piece.isFull() && task.from <= task.range.getLast()) {
                        piece.publish();
                    }
                    if (System.nanoTime() - polledAtNanos > BETWEEN_POLLS.toNanos()) {
                        poll(Duration.ZERO);
                        if (!isOurs(task)) {
                            return false;
                        }
                    }
                }
                return true;
            }
        }

        /** Those that the projector has verified by now. What cannot be checked here, is checked there. */
        private ChainVerifier committees() {
            try (Connection db = database.connect()) {
                committees = new ChainVerifier(anchor, ChainState.committees(db));
                databaseFault = "";
            } catch (SQLException fault) {
                isAway(fault);
                LOG.debugf("committees unknown reason=\"%s\"", fault.getMessage());
            }
            return committees;
        }

        /** Facts of one range that are published together. */
        private final class Piece {
            private final Task task;
            private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            private long bytes;
            private long sinceNanos = System.nanoTime();

            Piece(Task task) {
                this.task = task;
            }

            void add(Prepared checkpoint) {
                byte[] facts = FactsCodec.encode(checkpoint.checkpoint(), checkpoint.facts());
                bytes += facts.length;
                records.addAll(Wire.facts(
                        settings.factsTopic(),
                        task.range,
                        instance,
                        checkpoint.checkpoint().summary().sequenceNumber(),
                        facts));
            }

            boolean isFull() {
                return bytes > MOST_PIECE_BYTES || System.nanoTime() - sinceNanos > MOST_PIECE_TIME.toNanos();
            }

            void refuse(String reason, boolean notYet) {
                records.add(Wire.refused(settings.factsTopic(), task.range, instance, reason, notYet));
            }

            void publish() {
                if (!records.isEmpty()) {
                    Session.this.publish(records, false);
                }
                records.clear();
                bytes = 0;
                sinceNanos = System.nanoTime();
            }

            void publishLast() {
                Session.this.publish(records, true);
                records.clear();
            }
        }

        /**
         * One transaction.
         *
         * @param moves whether our place among the ranges moves over what is done
         * @throws KafkaException if the broker does not take it, and then has nothing of it
         */
        private void publish(Collection<ProducerRecord<byte[], byte[]>> records, boolean moves) {
            producer.beginTransaction();
            records.forEach(producer::send); // a send that fails is told of by the commit
            if (moves) {
                producer.sendOffsetsToTransaction(places(), consumer.groupMetadata());
            }
            producer.commitTransaction();
        }

        /** Of each partition of ours, the first offset that is not done. */
        private Map<TopicPartition, OffsetAndMetadata> places() {
            var places = new HashMap<TopicPartition, OffsetAndMetadata>();
            polled.forEach((partition, end) -> {
                var ofPartition = tasks.get(partition);
                long place = ofPartition == null || ofPartition.isEmpty() ? end : ofPartition.firstKey();
                places.put(partition, new OffsetAndMetadata(place));
            });
            return places;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(each -> {
                tasks.remove(each);
                polled.remove(each);
            });
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            LOG.infof("extractor has partitions=%d", partitions.size());
        }

        @Override
        public void close() {
            // Without waiting: an open transaction is ended by our next self, or by the broker.
            Closing.all(() -> producer.close(Duration.ZERO), consumer::close, () -> admin.close(Duration.ZERO));
        }
    }
}
