package dev.vibrissa.changes.publish;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.vibrissa.changes.v1.Published;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The two topics: what is told, and up to where. */
final class Topics {
    /** As many consumers of one group can share the work; it cannot be lowered, and raising it moves keys. */
    private static final int PARTITIONS = 8;

    /** As long as the outbox unless told otherwise; a reader who was away for longer begins anew from the tables. */
    private static final Duration KEPT = Duration.ofDays(7);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, Object> client;
    private final String changes;

    Topics(Map<String, Object> client, String prefix) {
        this.client = client;
        this.changes = prefix + ".changes";
    }

    String changes() {
        return changes;
    }

    String position() {
        return changes + ".position";
    }

    /** Makes those that are not there; whoever wants others makes them before. */
    void make() throws InterruptedException {
        var wanted = List.of(
                new NewTopic(changes, Optional.of(PARTITIONS), Optional.empty())
                        .configs(Map.of("cleanup.policy", "delete", "retention.ms", Long.toString(KEPT.toMillis()))),
                new NewTopic(position(), Optional.of(1), Optional.empty())
                        .configs(Map.of("cleanup.policy", "compact", "segment.bytes", "1048576")));
        try (var admin = Admin.create(client)) {
            for (var made : admin.createTopics(wanted).values().values()) {
                try {
                    made.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new KafkaException("topics cannot be made: " + e.getCause(), e);
                    }
                }
            }
        }
    }

    /** Between two looks at a transaction. */
    @FunctionalInterface
    interface Pause {
        void pause() throws InterruptedException;
    }

    /**
     * Whether the broker ended the last transaction of this id by itself: who takes an id over leaves it empty, or with
     * transactions of his own. While he takes it over it looks the same for a moment, as the broker ends what was open: so it
     * has to stay as it is over a pause.
     *
     * @param pause longer than a producer takes to ask the broker again
     * @return false, too, if the broker may not tell us: to go on could be to quarrel with another
     */
    boolean wasEndedByBroker(String transactionalId, Pause pause) throws InterruptedException {
        try (var admin = Admin.create(client)) {
            TransactionDescription seen = describe(admin, transactionalId);
            while (isAborted(seen)) {
                pause.pause();
                TransactionDescription now = describe(admin, transactionalId);
                if (now.equals(seen)) {
                    return true;
                }
                seen = now;
            }
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return false;
            }
            throw new KafkaException("the broker does not say who fenced us: " + e.getCause(), e);
        }
    }

    private static TransactionDescription describe(Admin admin, String transactionalId)
            throws ExecutionException, InterruptedException {
        return admin.describeTransactions(List.of(transactionalId))
                .description(transactionalId)
                .get();
    }

    private static boolean isAborted(TransactionDescription transaction) {
        return switch (transaction.state()) {
            case PREPARE_EPOCH_FENCE, PREPARE_ABORT, COMPLETE_ABORT -> true;
            case ONGOING, PREPARE_COMMIT, COMPLETE_COMMIT, EMPTY, UNKNOWN -> false;
        };
    }

    /** The last position that was committed; empty if nothing was published. */
    Optional<Published> readPosition() {
        var settings = new HashMap<>(client);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        var only = new TopicPartition(position(), 0);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(Set.of(only));
            long begin = consumer.beginningOffsets(Set.of(only), PATIENCE).getOrDefault(only, 0L);
            long end = consumer.endOffsets(Set.of(only), PATIENCE).getOrDefault(only, 0L);
            // Markers of transactions, and what aborted ones left, have offsets too: look back further until one is
            // found.
            for (long back = 16; ; back *= 16) {
                long from = Math.max(begin, end - back);
                Optional<Published> last = last(consumer, only, from, end);
                if (last.isPresent() || from == begin) {
                    return last;
                }
            }
        }
    }

    private static Optional<Published> last(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition only, long from, long end) {
        Optional<Published> last = Optional.empty();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        consumer.seek(only, from);
        while (consumer.position(only, PATIENCE) < end) {
            for (var each : consumer.poll(POLL)) {
                if (each.value() == null) { // none of ours, and it says nothing
                    continue;
                }
                try {
                    last = Optional.of(Published.parseFrom(each.value()));
                } catch (InvalidProtocolBufferException e) {
                    throw new KafkaException("%s offset %d is no position".formatted(only, each.offset()), e);
                }
            }
            if (System.nanoTime() > deadline) {
                throw new KafkaException("%s: read up to offset %d of %d within %s"
                        .formatted(only, consumer.position(only), end, PATIENCE));
            }
        }
        return last;
    }
}
