package dev.vibrissa.changes.publish;

import dev.vibrissa.changes.Outbox;
import dev.vibrissa.changes.Told;
import dev.vibrissa.changes.v1.Published;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.Turn;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what the outbox holds, until it is stopped or fenced.
 *
 * <p>One at a time, by a {@link Turn}: who loses the database loses the turn. Should two publish all the same for a moment,
 * Kafka fences the older one, whose transaction comes to nothing, and which stands by from then on.
 */
public final class ChangePublisher implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ChangePublisher.class);

    /** "vibrissa" in ASCII, as the indexer's locks, and then some. */
    private static final long LOCK = 0x7669627269737361L + 100;

    private static final int RECORDS_AT_ONCE = 500;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration BETWEEN_STANDING = Duration.ofSeconds(1);

    /** Of pauses that double from one second on: about a minute. */
    private static final int MOST_DOUBLINGS = 6;

    /** A producer that takes over an open transaction asks again every 100 ms until it is ended. */
    private static final Duration BETWEEN_DESCRIPTIONS = Duration.ofSeconds(2);

    private static final Duration CLOSING = Duration.ofSeconds(2);

    /** Beyond that the broker ends a transaction by itself. */
    private static final String TRANSACTION_MILLIS = "30000";

    private final Database database;
    private final Map<String, Object> client;
    private final String transactionalId;
    private final Topics topics;
    private final Consumer<Word> says;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private int failures;

    /** How it ended. */
    public enum Ended {
        STOPPED,
        /** A publisher of another database has taken over: to go on would be to quarrel with it. */
        FENCED
    }

    /** What it says of itself, whenever that is another. */
    public sealed interface Word {
        record Publishes(String topic) implements Word {}

        record StandsBy() implements Word {}

        record TriesAgain(String reason) implements Word {}

        record Fenced(String reason) implements Word {}
    }

    public ChangePublisher(Database database, Map<String, String> client, String prefix) {
        this(database, client, prefix, _ -> {});
    }

    /**
     * @param client settings of Kafka's clients, {@code bootstrap.servers} among them
     * @param prefix of the names of topics, and of the transactional id: of one database alone
     */
    public ChangePublisher(Database database, Map<String, String> client, String prefix, Consumer<Word> says) {
        this.database = database;
        this.says = says;
        this.client = Map.copyOf(client);
        this.topics = new Topics(withDeadlines(this.client), prefix);
        this.transactionalId = topics.changes();
    }

    /** Publishes until {@link #close} or an interrupt. What fails is tried again, later and later. */
    public Ended run() throws InterruptedException {
        while (stopped.getCount() > 0) {
            try {
                Optional<Turn> taken = Turn.tryTake(database, LOCK);
                if (taken.isEmpty()) {
                    says.accept(new Word.StandsBy());
                    pause(BETWEEN_STANDING);
                    continue;
                }
                try (Turn turn = taken.get();
                        Connection db = turn.connect()) {
                    if (publishIn(db) == Ended.FENCED) {
                        return Ended.FENCED;
                    }
                }
            } catch (SQLException | RuntimeException e) {
                if (Thread.interrupted() || e instanceof InterruptException) {
                    throw new InterruptedException("the publisher was interrupted");
                }
                says.accept(new Word.TriesAgain(sentence(e)));
                Duration pause = Duration.ofSeconds(1L << Math.min(failures++, MOST_DOUBLINGS));
                LOG.warnf("publisher fault reason=\"%s\" tryAgainMillis=%d", sentence(e), (Object) pause.toMillis());
                pause(pause);
            }
        }
        return Ended.STOPPED;
    }

    private Ended publishIn(Connection db) throws SQLException, InterruptedException {
        try {
            publish(db);
            say(db, "stopped", null);
            return Ended.STOPPED;
        } catch (RuntimeException e) {
            if (!isFenced(e)) {
                say(db, "retrying", sentence(e));
                throw e;
            }
            // By the next in turn, if ours is lost: whoever took it has ended our session, and so this fails, and we
            // stand by.
            say(db, "retrying", "fenced: " + sentence(e));
            // By the broker, if we were held up in mid-transaction, as a suspended machine is: nobody has begun since.
            if (topics.wasEndedByBroker(transactionalId, () -> pause(BETWEEN_DESCRIPTIONS))) {
                throw new KafkaException("the broker ended a transaction that was open for too long", e);
            }
            // The turn is ours still, so the other one is of another database.
            String reason = "another publisher took over transactional id " + transactionalId;
            say(db, "fenced", reason);
            LOG.errorf("publisher fenced reason=\"%s\"", reason);
            says.accept(new Word.Fenced(reason));
            return Ended.FENCED;
        }
    }

    /** Told by itself, or as the cause of why nothing can be done any more. */
    private static boolean isFenced(Throwable fault) {
        return fault instanceof ProducerFencedException
                || fault instanceof InvalidProducerEpochException
                || fault.getCause() != null && isFenced(fault.getCause());
    }

    private static String sentence(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void pause(Duration pause) throws InterruptedException {
        boolean _ = stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void publish(Connection db) throws SQLException, InterruptedException {
        topics.make();
        var producer = new KafkaProducer<>(producerSettings(), new StringSerializer(), new ByteArraySerializer());
        try {
            // First: it ends what the one before left open, whose position is not to be seen before.
            producer.initTransactions();
            var last = topics.readPosition();
            String chain = chain(db);
            requireSameChain(last.map(Published::getChain).orElse(""), chain);
            var resumed = last.map(Position::of).orElse(Position.BEGIN).resume(db);
            Position position = resumed.position();
            if (resumed.lost() > 0) {
                LOG.errorf("changes lost count=%d reason=\"dropped before they were published\"", resumed.lost());
            }
            LOG.infof(
                    "publisher begins topic=%s after=%d restored=%s",
                    topics.changes(), (Object) position.id(), resumed.restored());
            begun(db, position.id(), resumed.lost());
            says.accept(new Word.Publishes(topics.changes()));
            failures = 0;
            while (stopped.getCount() > 0) {
                List<Told> next = Outbox.after(db, position.id(), RECORDS_AT_ONCE);
                if (next.isEmpty()) {
                    pause(BETWEEN_LOOKS);
                    continue;
                }
                if (chain.isEmpty()) { // known at the first batch at the latest, if at all
                    chain = chain(db);
                }
                position = publish(producer, position, next, chain);
                published(db, position.id(), unreadable(next));
            }
        } finally {
            producer.close(CLOSING); // of a broker that is away, nothing more is waited for
        }
    }

    /** How many of them nobody can make sense of, for they cannot be published. */
    private static long unreadable(List<Told> told) {
        List<Long> ids =
                told.stream().filter(each -> !each.isReadable()).map(Told::id).toList();
        if (!ids.isEmpty()) {
            LOG.errorf(
                    "changes lost count=%d last=%d reason=\"they cannot be read\"", ids.size(), (Object) ids.getLast());
        }
        return ids.size();
    }

    /** Digest of its first checkpoint, in hex; empty while nobody has told it. */
    private static String chain(Connection db) throws SQLException {
        try (PreparedStatement select =
                        db.prepareStatement("select encode(chain_id, 'hex') from network where chain_id is not null");
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getString(1) : "";
        }
    }

    /** Places of another chain would pass for ours, and what is new for old. */
    private void requireSameChain(String published, String here) {
        if (!published.isEmpty() && !here.isEmpty() && !published.equals(here)) {
            throw new KafkaException("%s holds changes of chain %s, this database is of %s: use another prefix"
                    .formatted(topics.changes(), published, here));
        }
    }

    private Position publish(KafkaProducer<String, byte[]> producer, Position from, List<Told> next, String chain) {
        Position position = from;
        producer.beginTransaction();
        for (Told told : next) {
            if (told.isReadable() && !position.covers(told)) {
                send(producer, record(told));
            }
            position = position.after(told);
        }
        producer.send(new ProducerRecord<>(
                topics.position(), "position", position.message(chain).toByteArray()));
        // Throws what any of the sends came to. Whether it counts after a fault is asked of the broker by who begins
        // anew.
        producer.commitTransaction();
        return position;
    }

    /** Of a broker that is away, each record would be waited for in turn: the first that failed is enough. */
    private static void send(KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> record) {
        var sent = producer.send(record);
        if (sent.state() == Future.State.FAILED) {
            throw new KafkaException("not sent: " + sent.exceptionNow().getMessage(), sent.exceptionNow());
        }
    }

    private ProducerRecord<String, byte[]> record(Told told) {
        var record = new ProducerRecord<>(
                topics.changes(), told.subject().key(), told.change().toByteArray());
        record.headers()
                .add("id", Long.toString(told.id()).getBytes(StandardCharsets.US_ASCII))
                .add("topic", told.subject().topic().word().getBytes(StandardCharsets.US_ASCII))
                .add("kind", told.kind().getBytes(StandardCharsets.US_ASCII));
        return record;
    }

    /** Of what is asked at the start: a broker that is away is to be told of soon. */
    private static Map<String, Object> withDeadlines(Map<String, Object> client) {
        var settings = new HashMap<>(client);
        settings.putIfAbsent("default.api.timeout.ms", "15000");
        settings.putIfAbsent("request.timeout.ms", "10000");
        return settings;
    }

    private Map<String, Object> producerSettings() {
        var settings = new HashMap<>(client);
        settings.put("transactional.id", transactionalId);
        settings.put("enable.idempotence", "true");
        settings.put("acks", "all");
        settings.putIfAbsent("transaction.timeout.ms", TRANSACTION_MILLIS);
        settings.putIfAbsent("compression.type", "zstd");
        settings.putIfAbsent("max.block.ms", "10000");
        settings.putIfAbsent("delivery.timeout.ms", "20000");
        settings.putIfAbsent("request.timeout.ms", "10000");
        settings.putIfAbsent("linger.ms", "5");
        return settings;
    }

    private static void begun(Connection db, long id, long lost) throws SQLException {
        try (PreparedStatement upsert = db.prepareStatement("""
                insert into change_publisher as p (state, published_id, lost) values ('publishing', ?, ?)
                on conflict (only_row) do update set state = 'publishing', reason = null,
                  published_id = excluded.published_id, lost = p.lost + excluded.lost, updated_at = now()
                """)) {
            upsert.setLong(1, id);
            upsert.setLong(2, lost);
            upsert.executeUpdate();
        }
    }

    private static void published(Connection db, long id, long lost) throws SQLException {
        try (PreparedStatement update = db.prepareStatement("""
                update change_publisher set state = 'publishing', reason = null, published_id = ?, lost = lost + ?,
                  updated_at = now()
                """)) {
            update.setLong(1, id);
            update.setLong(2, lost);
            update.executeUpdate();
        }
    }

    private static void say(Connection db, String state, @Nullable String reason) throws SQLException {
        try (PreparedStatement upsert = db.prepareStatement("""
                insert into change_publisher (state, reason) values (?, ?)
                on conflict (only_row) do update
                  set state = excluded.state, reason = excluded.reason, updated_at = now()
                """)) {
            upsert.setString(1, state);
            upsert.setString(2, reason);
            upsert.executeUpdate();
        }
    }

    /** Has {@link #run} end after the transaction under way. */
    @Override
    public void close() {
        stopped.countDown();
    }
}
