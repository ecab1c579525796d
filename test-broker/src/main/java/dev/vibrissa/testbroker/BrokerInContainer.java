package dev.vibrissa.testbroker;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.LogMessageWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * A broker in a container, whose ports are the machine's own. Its library is on the class path with the profile
 * {@code containers} only.
 */
final class BrokerInContainer implements Broker {
    /** Another image than the official one, such as one of a machine without a registry. */
    private static final String IMAGE = "VIBRISSA_TEST_KAFKA_IMAGE";

    private static final Pattern CLIENTS = Pattern.compile("(?<!CONTROLLER)://127\\.0\\.0\\.1:([0-9]+)");

    private final GenericContainer<?> container;
    private int starts;

    private BrokerInContainer(GenericContainer<?> container) {
        this.container = container;
    }

    /** Empty if no engine answers. */
    static Optional<BrokerInContainer> of(String clusterId, Map<String, String> settings) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.empty();
        }
        String image = Optional.ofNullable(System.getenv(IMAGE)).orElse("apache/kafka:" + BrokerLibraries.version());
        return Optional.of(new BrokerInContainer(container(DockerImageName.parse(image), clusterId, settings)));
    }

    private static GenericContainer<?> container(
            DockerImageName image, String clusterId, Map<String, String> settings) {
        String listeners = settings.getOrDefault("listeners", "");
        String advertised = String.join(
                ",",
                Arrays.stream(listeners.split(","))
                        .filter(each -> !each.startsWith("CONTROLLER"))
                        .toList());
        var env = new TreeMap<String, String>();
        env.put("CLUSTER_ID", clusterId);
        env.put("KAFKA_HEAP_OPTS", "-Xmx256m");
        env.put("KAFKA_ADVERTISED_LISTENERS", advertised);
        env.put("KAFKA_LOG_DIRS", "/var/lib/kafka/data");
        settings.forEach((name, value) -> env.put(variable(name), value));
        // Inside, what comes from outside is not local.
        env.put("KAFKA_LISTENERS", CLIENTS.matcher(listeners).replaceAll("://0.0.0.0:$1"));
        var container = new GenericContainer<>(image)
                .withEnv(env)
                .waitingFor(serving(1))
                .withStartupTimeout(Duration.ofSeconds(START_SECONDS));
        container.setPortBindings(CLIENTS.matcher(listeners)
                .results()
                .map(port -> "127.0.0.1:%1$s:%1$s".formatted(port.group(1)))
                .toList());
        return container;
    }

    /** As the official image reads a setting from its environment. */
    private static String variable(String setting) {
        return "KAFKA_" + setting.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** @param times that the log must say so, which is that of all starts */
    private static LogMessageWaitStrategy serving(int times) {
        return (LogMessageWaitStrategy) new LogMessageWaitStrategy()
                .withRegEx(".*Kafka Server started.*\\n")
                .withTimes(times)
                .withStartupTimeout(Duration.ofSeconds(START_SECONDS));
    }

    @Override
    public String kind() {
        return "container " + container.getDockerImageName();
    }

    @Override
    public void start() {
        starts++;
        if (starts == 1) {
            container.start();
            return;
        }
        container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
        serving(starts).waitUntilReady(container);
    }

    @Override
    public void kill() {
        if (isUp()) {
            container
                    .getDockerClient()
                    .killContainerCmd(container.getContainerId())
                    .exec();
        }
    }

    @Override
    public void stop() {
        if (isUp()) {
            container
                    .getDockerClient()
                    .stopContainerCmd(container.getContainerId())
                    .withTimeout(STOP_SECONDS)
                    .exec();
        }
    }

    @Override
    public boolean isUp() {
        return container.isRunning();
    }

    @Override
    public void remove() {
        container.stop();
    }
}
