package dev.vibrissa.indexer.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.indexer.TipPriority;
import dev.vibrissa.indexer.trust.ChainVerifier;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
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

    /** What cannot begin is tried again for as long as it takes: each try must leave nothing behind. */
    @Test
    void aClientThatCannotBeMadeLeavesNothingOpen() throws Exception {
        var settings = KafkaSettings.of("127.0.0.1:1", "test", Map.of("compression.type", "nonsense"));
        try (var database = TestDatabase.migrated();
                var db = database.connect()) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> FactsFeed.through(database.database(), settings, _ -> {})
                                .open(
                                        0,
                                        Optional.empty(),
                                        WalrusNetwork.mainnet()::walrus,
                                        new ChainVerifier(new TrustAnchor.Unverified(), List.of()),
                                        TipPriority.ofATip()))
                        .isInstanceOf(KafkaException.class);
            }
            try (var statement = db.prepareStatement("select count(*) from pg_stat_activity"
                    + " where datname = current_database() and pid <> pg_backend_pid()")) {
                long sessions = 3;
                for (long until = System.nanoTime() + 20_000_000_000L; sessions > 0 && System.nanoTime() < until; ) {
                    try (var row = statement.executeQuery()) {
                        row.next();
                        sessions = row.getLong(1);
                    }
                }
                assertThat(sessions).as("sessions left in PostgreSQL").isZero();
            }
        }
    }
}
