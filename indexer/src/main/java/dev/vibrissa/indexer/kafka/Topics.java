package dev.vibrissa.indexer.kafka;

import dev.vibrissa.indexer.source.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics as the broker has them.
 *
 * @param rangesId a topic that is deleted and made again has another id
 */
record Topics(String clusterId, String rangesId, int rangesPartitions, String factsId, int factsPartitions) {
    /** Facts are in the database within seconds; this is for whoever is away over the holidays. */
    private static final String RETENTION_MILLIS = Long.toString(7L * 24 * 60 * 60 * 1000);

    /** Between creating a topic, or deleting one, and everybody knowing of it. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final int MOST_ATTEMPTS = 50;

    /** Of one topic. */
    private record Found(String id, int partitions) {}

    /** Looks for the topics and creates those that are missing. */
    static Topics ensure(Admin admin, KafkaSettings settings) throws InterruptedException {
        var ranges = ensure(admin, settings.rangesTopic(), settings.partitions());
        var facts = ensure(admin, settings.factsTopic(), settings.partitions());
        return new Topics(
                get(admin.describeCluster().clusterId()),
                ranges.id(),
                ranges.partitions(),
                facts.id(),
                facts.partitions());
    }

    private static Found ensure(Admin admin, String topic, int partitions) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                var found = get(admin.describeTopics(List.of(topic)).allTopicNames())
                        .get(topic);
                if (found != null) {
                    return new Found(
                            found.topicId().toString(), found.partitions().size());
                }
            } catch (UnknownTopicOrPartitionException e) {
                if (attempt > MOST_ATTEMPTS) {
                    throw e; // it was created, and is still not told of
                }
                if (attempt > 1) {
                    Ticker.SYSTEM.sleep(PAUSE);
                }
            }
            try {
                // Records are told apart by their own time, never the chain's, which retention would take for ages ago.
                var wanted = new NewTopic(topic, Optional.of(partitions), Optional.empty())
                        .configs(Map.of(
                                TopicConfig.RETENTION_MS_CONFIG,
                                RETENTION_MILLIS,
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                                "LogAppendTime"));
                get(admin.createTopics(List.of(wanted)).all());
            } catch (TopicExistsException e) {
                // Another of us was faster.
            }
        }
    }

    private static <T> T get(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException fault) {
                throw fault;
            }
            throw new KafkaException(e.getCause());
        }
    }
}
