package dev.vibrissa.indexer.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Test;

class KafkaSettingsTest {
    /** Kafka's clients hold settings against each other when they are made, and only then. */
    @Test
    void allClientsCanBeMadeAsTheyAreByDefault() {
        var settings = KafkaSettings.of("127.0.0.1:1", "test", Map.of());
        assertThatCode(() -> {
                    settings.factsConsumer().close();
                    settings.rangesConsumer().close();
                    settings.rangesProducer().close(Duration.ZERO);
                    settings.factsProducer("x").close(Duration.ZERO);
                    settings.admin().close(Duration.ZERO);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void timesMayBeTunedButNotWhatSafetyRestsOn() {
        var settings = KafkaSettings.of(
                "broker:9092",
                "test",
                Map.of(
                        "session.timeout.ms", "4000",
                        "isolation.level", "read_uncommitted",
                        "bootstrap.servers", "elsewhere:1",
                        "ssl.truststore.location", "/trust"));
        var properties = settings.properties(Map.of(
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                "10000",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"));
        assertThat(properties)
                .containsEntry("session.timeout.ms", "4000")
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("bootstrap.servers", "broker:9092")
                .containsEntry("ssl.truststore.location", "/trust");
    }
}
