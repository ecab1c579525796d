package dev.vibrissa.indexer.kafka;

import dev.vibrissa.indexer.PreparedCheckpoints;
import dev.vibrissa.indexer.TipPriority;
import dev.vibrissa.indexer.kafka.Arrivals.Arrival;
import dev.vibrissa.indexer.source.SourceException;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.indexer.trust.ChainVerifier;
import dev.vibrissa.kafka.v1.Envelope;
import dev.vibrissa.kafka.v1.Range;
import dev.vibrissa.kafka.v1.Refused;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.protocol.walrus.PackageChain;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The projector's side: asks for ranges, a bounded number of checkpoints ahead of what is stored, and puts what extractors
 * publish into order.
 *
 * <p>What comes too early is held, up to a bound, beyond which the farthest is let go and asked for again when its turn comes:
 * the next in order may stand behind it in the same partition, so reading must go on. While the next is at hand, partitions
 * are not read further. What comes twice, or too late, is passed over by its number.
 *
 * <p>Whatever is wrong with topics or positions is set right in one way, that of the start: look at the topics, go to the
 * stored positions, ask again for what is open.
 */
public final class FactsFeed implements PreparedCheckpoints {
    private static final Logger LOG = Logger.getLogger(FactsFeed.class);

    private static final int MOST_FAILURES = 8;
    private static final Duration LAST_PAUSE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration GLANCE = Duration.ofMillis(2);

    /** Behind the chain's clock by less: then it is the tip, where each checkpoint is a range. */
    private static final Duration TIP = Duration.ofMinutes(1);

    private static final int TIP_AHEAD = 32;
    private static final int MOST_AT_TIP = 8;
    private static final int MOST_STALLS = 4;
    private static final String OTHER_TOPICS = "the topics are others than before: what is open is asked for again";

    private final Database database;
    private final KafkaSettings settings;
    private final Optional<Long> end;
    private final Supplier<PackageChain> packages;
    private final ChainVerifier verifier;
    private final TipPriority tip;
    private final Consumer<Word> says;
    private final Connection control;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private Topics topics = new Topics("", "", 0, "", 0);

    /** The checkpoint to hand out next. */
    private long next;

    /** Everything up to here is stored or asked for. */
    private long askedTo;

    private final TreeMap<Long, OpenRange> open = new TreeMap<>();
    private final Arrivals arrivals;
    /** By partition, the offset after the last record that was seen. */
    private final Map<Integer, Long> seen = new HashMap<>();

    private Instant lastTime = Instant.MIN;
    private long wordAtNanos = System.nanoTime();
    private int stalls;
    private int overtakings;
    /** Since when the next one is missing, or was last asked for because of that. */
    private long overtakenAtNanos = System.nanoTime();

    private int inARow;
    private boolean isBrokerAway;

    private FactsFeed(
            Database database,
            KafkaSettings settings,
            long first,
            Optional<Long> end,
            Supplier<PackageChain> packages,
            ChainVerifier verifier,
            TipPriority tip,
            Consumer<Word> says)
            throws SQLException {
        this.database = database;
        this.settings = settings;
        this.next = first;
        this.askedTo = first - 1;
        this.end = end;
        this.packages = packages;
        this.verifier = verifier;
        this.tip = tip;
        this.says = says;
        this.arrivals = new Arrivals(settings.mostHeldBytes());
        this.control = database.connect();
        // Tried again every few seconds for as long as the broker is away: what was opened must not stay behind.
        try {
            this.admin = settings.admin();
        } catch (RuntimeException fault) {
            Closing.all(control::close);
            throw fault;
        }
        try {
            this.producer = settings.rangesProducer();
        } catch (RuntimeException fault) {
            Closing.all(() -> admin.close(Duration.ZERO), control::close);
            throw fault;
        }
    }

    /**
     * For {@link dev.vibrissa.indexer.Ingest}.
     *
     * @param says told when the broker goes away or comes back; what is stored is told of by others
     */
    public static Elsewhere through(Database database, KafkaSettings settings, Consumer<Word> says) {
        return (first, last, packages, verifier, tip) -> {
            var feed = new FactsFeed(database, settings, first, last, packages, verifier, tip, says);
            try {
                feed.readOpenRanges();
                feed.begin();
            } catch (SQLException | RuntimeException | InterruptedException fault) {
                feed.close();
                throw fault;
            }
            return feed;
        };
    }

    /** What an earlier run asked for, if it is one stretch that goes on where we do. */
    private void readOpenRanges() throws SQLException {
        for (KafkaTables.Stored each : KafkaTables.open(control)) {
            if (each.last() < next) {
                continue; // it is stored, though not marked
            }
            if (each.first() > askedTo + 1) {
                open.clear();
                break;
            }
            var range = new OpenRange(each.first(), each.last(), each.attempt());
            range.isToBeAsked = !each.isSent();
            open.put(each.first(), range);
            askedTo = each.last();
        }
        if (open.isEmpty()) {
            askedTo = next - 1;
            KafkaTables.forgetOpen(control);
        }
    }

    /** Looks at the topics and goes to the stored positions. */
    private void begin() throws SQLException, InterruptedException {
        try {
            boolean isFirst = topics.clusterId().isEmpty();
            topics = Topics.ensure(admin, settings);
            boolean sameFacts =
                    KafkaTables.recognise(control, settings.factsTopic(), topics.factsId(), topics.clusterId());
            boolean sameRanges =
                    KafkaTables.recognise(control, settings.rangesTopic(), topics.rangesId(), topics.clusterId());
            if (!sameFacts || !sameRanges) {
                LOG.infof(
                        "kafka topics seen cluster=%s ranges=%s facts=%s",
                        topics.clusterId(), topics.rangesId(), topics.factsId());
                open.values().forEach(range -> askAgain(range, OTHER_TOPICS));
                if (!isFirst) {
                    says.accept(new Word.TriesAgain("Kafka: " + OTHER_TOPICS));
                }
            }
            if (!sameFacts) {
                arrivals.leaveTopic();
            }
            var offsets = KafkaTables.offsets(control, settings.factsTopic());
            arrivals.forget();
            seen.clear();
            if (consumer != null) {
                consumer.close();
                consumer = null;
            }
            consumer = settings.factsConsumer();
            var partitions = new ArrayList<TopicPartition>();
            for (int i = 0; i < topics.factsPartitions(); i++) {
                partitions.add(new TopicPartition(settings.factsTopic(), i));
            }
            consumer.assign(partitions);
            var begins = consumer.beginningOffsets(partitions);
            var ends = consumer.endOffsets(partitions);
            for (TopicPartition each : partitions) {
                long stored = offsets.getOrDefault(each.partition(), 0L);
                long from = Math.max(stored, begins.getOrDefault(each, 0L));
                if (from > ends.getOrDefault(each, 0L)) {
                    from = begins.getOrDefault(
                            each, 0L); // a log that lost its end: what is there is passed over if it is known
                }
                consumer.seek(each, from);
                seen.put(each.partition(), from);
            }
            wordAtNanos = System.nanoTime();
        } catch (InterruptException e) {
            throw interrupted(e);
        }
    }

    private static InterruptedException interrupted(InterruptException cause) {
        Thread.interrupted(); // Kafka sets the flag again
        var interrupted = new InterruptedException(cause.getMessage());
        interrupted.initCause(cause);
        return interrupted;
    }

    @Override
    public Optional<Prepared> next() throws SQLException, InterruptedException {
        while (true) {
            if (end.isPresent() && next > end.get()) {
                return Optional.empty();
            }
            ask();
            Arrival found = arrivals.drop(next);
            if (found == null) {
                inARow = 0;
                if (isAtTip() || System.nanoTime() - lullSinceNanos() > lull().toNanos()) {
                    tip.catchUp();
                }
                lookForOvertaken();
                poll(POLL);
                continue;
            }
            var prepared = decode(found);
            if (prepared.isEmpty()) {
                continue;
            }
            arrivals.handOut(next, found);
            lastTime = prepared.get().checkpoint().summary().timestamp();
            next++;
            stalls = 0;
            overtakings = 0;
            overtakenAtNanos = System.nanoTime();
            word();
            if (++inARow > MOST_AT_TIP) {
                tip.fallBehind();
            }
            return prepared;
        }
    }

    /** Between two checkpoints of a catch-up it is not yet caught up with. */
    private boolean isAtTip() {
        return lastTime.isAfter(Instant.now().minus(TIP));
    }

    /** Since when nobody says anything, or nobody has the next one. */
    private long lullSinceNanos() {
        OpenRange head = rangeOf(next);
        return head != null && head.isNotYet && arrivals.isEmpty() ? overtakenAtNanos : wordAtNanos;
    }

    /** Nobody says anything for so long: then there may be nothing to catch up with, whatever the chain's clock says. */
    private Duration lull() {
        return settings.stalledAfter().dividedBy(4);
    }

    @Override
    public boolean isReady() throws SQLException, InterruptedException {
        if (arrivals.mustBeStored()) {
            return false;
        }
        if (!arrivals.has(next)) {
            poll(GLANCE);
        }
        return arrivals.has(next);
    }

    private Optional<Prepared> decode(Arrival found) throws SQLException {
        try {
            var prepared = FactsCodec.decode(found.bytes(), next);
            return Optional.of(new Prepared(
                    Optional.empty(),
                    prepared.checkpoint(),
                    prepared.facts(),
                    verifier.checkAhead(prepared.checkpoint())));
        } catch (MalformedRecordException fault) {
            refuse(found.record(), String.valueOf(fault.getMessage()));
            return Optional.empty();
        } catch (RuntimeException fault) {
            refuse(found.record(), fault.toString()); // of whatever kind, it is the record that brought it about
            return Optional.empty();
        }
    }

    @Override
    public Prepared instead(Prepared refused, ChainException fault) throws SQLException, InterruptedException {
        refuse(refused.facts().sequenceNumber(), fault);
        return next().orElseThrow(() -> fault);
    }

    @Override
    public boolean hasOthers() {
        return true;
    }

    @Override
    public void goBack(long first) {
        arrivals.goBack(first);
        next = first;
    }

    @Override
    public void refuse(long number, ChainException fault) throws SQLException {
        goBack(number);
        Arrival found = arrivals.drop(number);
        OpenRange range = rangeOf(number);
        if (found != null) {
            putAside(found.record(), String.valueOf(fault.getMessage()));
        }
        if (range == null) {
            throw fault;
        }
        failed(range, String.valueOf(fault.getMessage()));
        if (range.failures > MOST_FAILURES) {
            throw fault;
        }
        range.goodFromAttempt = range.attempt;
        // Whoever made one of them made these, too: each would be a failure of its own, and better ones be passed over.
        arrivals.dropOlder(number, range.last, range.goodFromAttempt);
    }

    @Override
    public Prepared readWith(Prepared stale, PackageChain known) throws SQLException, InterruptedException {
        long number = stale.facts().sequenceNumber();
        goBack(number);
        arrivals.forget();
        LOG.infof(
                "packages learned checkpoint=%d ranges=%d are asked for again",
                (Object) number, open.tailMap(number).size());
        for (OpenRange range : open.values()) {
            if (range.last >= number) {
                askAgain(range, "packages were learned");
                range.goodFromAttempt = range.attempt;
            }
        }
        Prepared fresh;
        do {
            next = number;
            fresh = next().orElseThrow(() -> new SourceException("checkpoint %d did not come again".formatted(number)));
        } while (!fresh.facts().packages().equals(known)); // one more of an extractor that had been asked before
        return fresh;
    }

    private void word() {
        wordAtNanos = System.nanoTime();
    }

    private @Nullable OpenRange rangeOf(long checkpoint) {
        var floor = open.floorEntry(checkpoint);
        return floor == null || floor.getValue().last < checkpoint ? null : floor.getValue();
    }

    /** With a higher attempt, at once. */
    private static void askAgain(OpenRange range, String reason) {
        if (!range.isToBeAsked) {
            range.attempt++;
            range.isToBeAsked = true;
        }
        range.reason = reason;
        range.askAtNanos = System.nanoTime();
    }

    /** With a higher attempt, later and later. */
    private void failed(OpenRange range, String reason) {
        if (range.isToBeAsked || isHere(range)) {
            return;
        }
        sayWhyItWaits(range, reason);
        long pause = Math.min(settings.firstPause().toNanos() << Math.min(range.failures, 16), LAST_PAUSE.toNanos());
        range.failures++;
        askAgain(range, reason);
        range.askAtNanos = System.nanoTime() + pause;
        LOG.warnf("range %s failed attempt=%d reason=\"%s\"", range, (Object) (range.attempt - 1), reason);
    }

    /** Whether all of it came. */
    private boolean isHere(OpenRange range) {
        return arrivals.has(Math.max(range.first, next), range.last);
    }

    /** A record that cannot be used: put aside, and its range asked for again, if it has one and lacks it. */
    private void refuse(ConsumerRecord<byte[], byte[]> record, String reason) throws SQLException {
        boolean isNew = putAside(record, reason);
        OptionalLong first = Wire.first(record.key());
        OpenRange range = first.isPresent() ? open.get(first.getAsLong()) : null;
        if (range != null && isNew) {
            failed(range, reason);
        } else if (range != null && !range.isToBeAsked && !isHere(range)) {
            askAgain(range, reason); // it was only read again, which is no failure of anybody
        }
    }

    /** Gets false if it had been found before. */
    private boolean putAside(ConsumerRecord<byte[], byte[]> record, String reason) throws SQLException {
        LOG.warnf(
                "dead letter topic=%s partition=%d offset=%d reason=\"%s\"",
                record.topic(), record.partition(), (Object) record.offset(), reason);
        return KafkaTables.putAside(control, topics.clusterId(), record, reason);
    }

    // What is asked for.

    private void ask() throws SQLException, InterruptedException {
        stopWhatIsInVain();
        planAhead();
        var due = open.values().stream().filter(OpenRange::isDue).toList();
        if (due.isEmpty()) {
            return;
        }
        KafkaTables.ask(control, due);
        try {
            var sends = new ArrayList<Future<RecordMetadata>>();
            for (OpenRange range : due) {
                sends.add(producer.send(new ProducerRecord<>(
                        settings.rangesTopic(),
                        Wire.partition(range.first, range.attempt, topics.rangesPartitions()),
                        Wire.key(range.first),
                        request(range).toByteArray())));
            }
            producer.flush();
            for (var send : sends) {
                send.get(); // the only place where a send that failed says so
            }
        } catch (ExecutionException | TimeoutException fault) {
            LOG.warnf("kafka does not take requests reason=\"%s\"", fault.getMessage());
            brokerIsAway(fault);
            due.forEach(range ->
                    range.askAtNanos = System.nanoTime() + settings.firstPause().toNanos() * 4);
            beginAnew("requests were lost"); // the topic may be gone
            return;
        } catch (InterruptException e) {
            throw interrupted(e);
        }
        due.forEach(range -> range.isToBeAsked = false);
        KafkaTables.sent(control, due);
        word();
        brokerIsHere();
    }

    private Range request(OpenRange range) {
        return Range.newBuilder()
                .setSchema(Wire.SCHEMA)
                .setFirst(range.first)
                .setLast(range.last)
                .setAttempt(range.attempt)
                .addAllPackages(FactsCodec.packages(packages.get()))
                .build();
    }

    /** Loudly, at the range that everything waits for. */
    private void stopWhatIsInVain() {
        OpenRange head = rangeOf(next);
        if (head != null && head.failures > MOST_FAILURES && !arrivals.has(next)) {
            throw new SourceException(
                    "%s could not be extracted after %d attempts: %s".formatted(head, head.attempt, head.reason));
        }
    }

    private void planAhead() {
        while (!open.isEmpty() && open.firstEntry().getValue().last < arrivals.firstNotStored(next)) {
            open.pollFirstEntry();
        }
        OpenRange head = rangeOf(next);
        if (head != null && head.goodFromAttempt > head.attempt) {
            askAgain(head, head.reason); // let go for want of room, and now wanted
        }
        boolean atTip = end.isEmpty() && isAtTip();
        int size = atTip ? 1 : settings.rangeCheckpoints();
        int ahead = atTip ? TIP_AHEAD : Math.max(size, settings.aheadCheckpoints());
        long goal = Math.min(end.orElse(Long.MAX_VALUE), next - 1 + ahead);
        // Some at a time: each asking is a transaction and a word with the broker.
        if (goal - askedTo < Math.max(size, ahead / 4) && askedTo >= next && goal != end.orElse(-1L)) {
            return;
        }
        while (askedTo < goal) {
            var range = new OpenRange(askedTo + 1, Math.min(goal, askedTo + size), 1);
            open.put(range.first, range);
            askedTo = range.last;
        }
    }

    // What comes.

    private void poll(Duration timeout) throws SQLException, InterruptedException {
        var records = List.<ConsumerRecord<byte[], byte[]>>of();
        try {
            KafkaConsumer<byte[], byte[]> from = consumer();
            if (arrivals.isHalfFull() && arrivals.has(next)) {
                from.pause(from.assignment());
            } else if (!from.paused().isEmpty()) {
                from.resume(from.paused());
            }
            var polled = from.poll(timeout);
            var all = new ArrayList<ConsumerRecord<byte[], byte[]>>(polled.count());
            polled.forEach(all::add);
            records = all;
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (OffsetOutOfRangeException | NoOffsetForPartitionException | UnknownTopicOrPartitionException gone) {
            LOG.warnf("kafka positions are gone reason=\"%s\"", gone.getMessage());
            says.accept(new Word.TriesAgain("Kafka: " + gone.getMessage()));
            beginAnew("positions were gone");
            return;
        }
        for (var record : records) {
            seen.merge(record.partition(), record.offset() + 1, Math::max);
            try {
                take(record, Wire.envelope(record.value()));
            } catch (MalformedRecordException fault) {
                refuse(record, String.valueOf(fault.getMessage()));
            }
        }
        if (records.isEmpty() && !arrivals.has(next)) {
            lookForStall();
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            throw new IllegalStateException("not begun");
        }
        return consumer;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Envelope envelope) throws SQLException {
        OpenRange range = open.get(envelope.getRangeFirst());
        if (envelope.hasRefused()) {
            if (range != null && range.last >= next && envelope.getAttempt() >= range.attempt) {
                refused(range, envelope.getRefused());
            }
            return;
        }
        var part = envelope.getPart();
        long number = part.getSequenceNumber();
        arrivals.add(
                        record,
                        envelope.getPublisher(),
                        part,
                        envelope.getAttempt(),
                        isWanted(number, envelope.getAttempt()))
                .ifPresent(whole -> {
                    word();
                    arrivals.keep(number, whole);
                });
        arrivals.makeRoom(next).forEach(this::wasLetGo);
    }

    private void wasLetGo(long number) {
        OpenRange range = rangeOf(number);
        if (range != null && !range.isToBeAsked) {
            range.reason = "there was no room for it";
            range.goodFromAttempt = range.attempt + 1;
        }
    }

    /** Not stored already, asked for, of an attempt that is still good, and not here. */
    private boolean isWanted(long number, int attempt) {
        OpenRange range = rangeOf(number);
        return number >= next && range != null && attempt >= range.goodFromAttempt && !arrivals.has(number);
    }

    private void refused(OpenRange range, Refused answer) {
        if (!answer.getNotYet()) {
            word();
            failed(range, answer.getReason());
        } else if (!range.isToBeAsked && !isHere(range)) {
            // Nothing is wrong: one extractor's source is behind, or all are. Another is asked, for as long as it
            // takes.
            sayWhyItWaits(range, answer.getReason());
            askAgain(range, answer.getReason());
            range.isNotYet = true;
        }
    }

    /** Of a range that not everything waits for there is nothing to say yet. */
    private void sayWhyItWaits(OpenRange range, String reason) {
        if (range == rangeOf(next)) {
            says.accept(new Word.TriesAgain("%s, attempt %d: %s".formatted(range, range.attempt, reason)));
        }
    }

    /** The most bytes that were ever held or handed out at a time. */
    long mostBytes() {
        return arrivals.mostBytes();
    }

    /** Others come, and the next one does not: whoever is to extract it may be stuck. What they passed is asked of others. */
    private void lookForOvertaken() {
        long patience = settings.mostWait().toNanos() << Math.min(overtakings, MOST_STALLS);
        if (arrivals.isEmpty() || System.nanoTime() - overtakenAtNanos < patience) {
            return;
        }
        overtakings++;
        overtakenAtNanos = System.nanoTime();
        for (OpenRange range : open.headMap(arrivals.farthest(), true).values()) {
            boolean isLetGo = range.goodFromAttempt > range.attempt; // its turn will come
            if (range.last >= next && !range.isToBeAsked && !isLetGo && !isHere(range)) {
                askAgain(range, "others came before it");
            }
        }
    }

    /** Nobody says anything: extractors may be gone, or the topics, or a request was lost, or the chain stands still. */
    private void lookForStall() throws SQLException, InterruptedException {
        long patience = settings.stalledAfter().toNanos() << Math.min(stalls, MOST_STALLS);
        if (System.nanoTime() - wordAtNanos < patience) {
            return;
        }
        stalls++;
        LOG.infof("waiting for facts checkpoint=%d ranges=%d", (Object) next, open.size());
        if (stalls > 1) { // a chain may stand still for a while
            says.accept(new Word.TriesAgain(
                    "no extractor answers: checkpoint %d was asked for %d times in vain".formatted(next, stalls)));
        }
        beginAnew("nobody answered");
    }

    private void beginAnew(String reason) throws SQLException, InterruptedException {
        try {
            begin();
            brokerIsHere();
            open.values().stream()
                    .filter(range -> range.last >= next && !range.isToBeAsked)
                    .forEach(range -> askAgain(range, reason));
        } catch (KafkaException fault) {
            word();
            brokerIsAway(fault);
            LOG.warnf("kafka unavailable reason=\"%s\"", fault.getMessage());
        }
    }

    private void brokerIsAway(Exception fault) {
        isBrokerAway = true;
        says.accept(new Word.TriesAgain("Kafka: " + fault.getMessage()));
    }

    /** Said once: that nobody answers through a broker that is there must not look like work. */
    private void brokerIsHere() {
        if (isBrokerAway) {
            isBrokerAway = false;
            says.accept(new Word.Works("Kafka is there again; waits for checkpoint %d".formatted(next)));
        }
    }

    // What is stored.

    @Override
    public void storing(Connection db, long last) throws SQLException {
        var floors = new HashMap<>(seen);
        arrivals.lower(floors, last);
        Collection<KafkaTables.Position> positions = floors.entrySet().stream()
                .map(each -> new KafkaTables.Position(each.getKey(), each.getValue(), endOf(each.getKey())))
                .toList();
        KafkaTables.store(db, settings.factsTopic(), positions);
        KafkaTables.complete(db, last);
        // If the transaction fails this feed is closed, and the next begins where the stored positions are.
        arrivals.stored(last);
    }

    private long endOf(int partition) {
        var lag = consumer().currentLag(new TopicPartition(settings.factsTopic(), partition));
        return seen.getOrDefault(partition, 0L) + lag.orElse(0L);
    }

    @Override
    public void release() {
        // What was handed out is let go of when it is stored.
    }

    @Override
    public void close() {
        var last = consumer;
        Closing.all(
                () -> producer.close(Duration.ofSeconds(1)), // whatever it still holds is asked for again
                () -> admin.close(Duration.ZERO),
                () -> {
                    if (last != null) {
                        last.close();
                    }
                },
                control::close);
    }
}
