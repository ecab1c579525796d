package dev.vibrissa.testbroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.DockerClientFactory;

@Timeout(300)
class TestBrokerTest {
    @Test
    void keepsWhatItHadWhenItIsKilledAndStartedAgain() throws Exception {
        try (var broker = TestBroker.start();
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("kept", Optional.of(2), Optional.empty())))
                    .all()
                    .get(60, TimeUnit.SECONDS);
            broker.kill();
            assertThat(broker.isUp()).isFalse();
            broker.startAgain();
            assertThat(admin.listTopics().names().get(60, TimeUnit.SECONDS)).contains("kept");
            assertThat(admin.describeCluster().clusterId().get(60, TimeUnit.SECONDS))
                    .isEqualTo(broker.clusterId());
        }
    }

    @Test
    @Tag("containers")
    void isInAContainer() {
        assumeTrue(Boolean.getBoolean("vibrissa.test.containers"), "run without the profile containers");
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no container engine answers");
        try (var broker = TestBroker.start()) {
            assertThat(broker.kind()).startsWith("container ");
        }
    }
}
