package dev.vibrissa.indexer.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The broker, and how it is used.
 *
 * @param prefix of the names of topics, of the consumer group and of transactional ids
 * @param partitions of a topic that is created; extractors beyond that number have nothing to do
 * @param rangeCheckpoints checkpoints of a range in history; at the tip a range is one
 * @param aheadCheckpoints most checkpoints asked for beyond the watermark
 * @param mostHeldBytes of checkpoints that came before their turn, serialized; decoded they take some times as much
 * @param firstPause before a range that failed is asked for again; then longer and longer
 * @param stalledAfter no word from extractors for so long, and topics are looked at and ranges asked for again
 * @param client properties of Kafka's clients, such as those of TLS; ours go before them where order or safety rests on them
 */
public record KafkaSettings(
        String bootstrapServers,
        String prefix,
        int partitions,
        int rangeCheckpoints,
        int aheadCheckpoints,
        long mostHeldBytes,
        Duration firstPause,
        Duration stalledAfter,
        Map<String, String> client) {
    private static final int DEFAULT_PARTITIONS = 8;
    public static final int DEFAULT_RANGE = 50;

    /** Those asked for ahead of what is stored, a few ranges at least. */
    public static final int MOST_RANGE = 500;

    private static final int DEFAULT_AHEAD = 2_000;
    private static final long DEFAULT_HELD_BYTES = 16L << 20;
    private static final Duration DEFAULT_FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration DEFAULT_STALLED_AFTER = Duration.ofSeconds(20);

    /** A killed extractor's ranges go to another after so long. */
    private static final int SESSION_TIMEOUT_MILLIS = 10_000;

    /** An extractor that hangs in its source loses its ranges after so long. */
    private static final int MAX_POLL_INTERVAL_MILLIS = 60_000;

    /** A killed extractor's open transaction holds up its partition no longer; it is open for milliseconds. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

    /** Topics that are deleted and made again are noticed. */
    private static final int METADATA_MAX_AGE_MILLIS = 10_000;

    /** What an operator may set otherwise. */
    private static final Set<String> TUNABLE = Set.of(
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
            ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            ProducerConfig.COMPRESSION_TYPE_CONFIG);

    public KafkaSettings {
        client = Map.copyOf(client);
    }

    public static KafkaSettings of(String bootstrapServers, String prefix, Map<String, String> client) {
        return new KafkaSettings(
                bootstrapServers,
                prefix,
                DEFAULT_PARTITIONS,
                DEFAULT_RANGE,
                DEFAULT_AHEAD,
                DEFAULT_HELD_BYTES,
                DEFAULT_FIRST_PAUSE,
                DEFAULT_STALLED_AFTER,
                client);
    }

    public KafkaSettings withRangesOf(int checkpoints) {
        return new KafkaSettings(
                bootstrapServers,
                prefix,
                partitions,
                checkpoints,
                aheadCheckpoints,
                mostHeldBytes,
                firstPause,
                stalledAfter,
                client);
    }

    /** For one that is missing while those after it come, and for what a source has not got that others may have: some seconds. */
    Duration mostWait() {
        return stalledAfter.dividedBy(5);
    }

    String rangesTopic() {
        return prefix + ".ranges";
    }

    String factsTopic() {
        return prefix + ".facts";
    }

    Admin admin() {
        return Admin.create(properties(Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000")));
    }

    /** Of the projector: partitions by hand, positions from the database. */
    KafkaConsumer<byte[], byte[]> factsConsumer() {
        return consumer(Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100"));
    }

    /** Of an extractor, in the group that shares the ranges. */
    KafkaConsumer<byte[], byte[]> rangesConsumer() {
        return consumer(Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                prefix + ".extractors",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                "false",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                Integer.toString(SESSION_TIMEOUT_MILLIS),
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                Integer.toString(SESSION_TIMEOUT_MILLIS / 3),
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                Integer.toString(MAX_POLL_INTERVAL_MILLIS),
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                "100"));
    }

    private KafkaConsumer<byte[], byte[]> consumer(Map<String, String> ours) {
        var properties = properties(ours);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    KafkaProducer<byte[], byte[]> rangesProducer() {
        return producer(Map.of(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000", ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000"));
    }

    /** @param instance two producers of one instance fence each other */
    KafkaProducer<byte[], byte[]> factsProducer(String instance) {
        return producer(Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                prefix + ".extractor." + instance,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Integer.toString(TRANSACTION_TIMEOUT_MILLIS),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Integer.toString(TRANSACTION_TIMEOUT_MILLIS),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                "5000",
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "zstd"));
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, String> ours) {
        var properties = properties(ours);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        // Sends wait for metadata and room; whoever sends is told by the future, so the wait is bounded.
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    Map<String, Object> properties(Map<String, String> ours) {
        var properties = new HashMap<String, Object>();
        properties.put("metadata.max.age.ms", Integer.toString(METADATA_MAX_AGE_MILLIS));
        properties.put("reconnect.backoff.max.ms", "1000");
        properties.putAll(client);
        // What an operator tunes for his network wins over our taste, but not over what nothing half and nothing twice
        // rest on.
        ours.forEach((key, value) -> {
            if (!TUNABLE.contains(key) || !client.containsKey(key)) {
                properties.put(key, value);
            }
        });
        properties.put("bootstrap.servers", bootstrapServers);
        return properties;
    }
}
