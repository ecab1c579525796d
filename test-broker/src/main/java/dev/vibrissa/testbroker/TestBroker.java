package dev.vibrissa.testbroker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A Kafka broker of one node on this machine, which can be killed and started again on the same port with what it had:
 *
 * <pre>{@code
 * @AutoClose
 * static final TestBroker BROKER = TestBroker.start();
 * }</pre>
 *
 * <p>It runs in a container with the profile {@code containers}, if an engine answers, and in a process otherwise.
 * Topics are not created by being asked for. Safe for use by several threads.
 */
public final class TestBroker implements AutoCloseable {
    private final int port;
    private final String clusterId;
    private final Broker broker;

    private TestBroker(int port, Map<String, String> settings) {
        this.port = port;
        this.clusterId = newClusterId();
        this.broker = contained(clusterId, settings).orElseGet(() -> new BrokerInProcess(clusterId, settings));
    }

    private static Optional<Broker> contained(String clusterId, Map<String, String> settings) {
        return Boolean.getBoolean("vibrissa.test.containers")
                ? BrokerInContainer.of(clusterId, settings).map(broker -> broker)
                : Optional.empty();
    }

    /**
     * Starts a new broker that keeps nothing once it is closed.
     *
     * @throws IllegalStateException if it does not serve clients within two minutes
     */
    public static TestBroker start() {
        return start(freePort(), Map.of());
    }

    /**
     * A broker with another way to it, through a proxy: clients that begin there are told to go on there.
     *
     * @param port where it listens for the proxy, a free one
     * @param proxyPort where clients find the proxy
     */
    public static TestBroker withSecondWay(int port, int proxyPort) {
        int first = freePort();
        int controller = freePort();
        return start(
                first,
                Map.of(
                        "controller.quorum.voters",
                        "1@127.0.0.1:" + controller,
                        "listeners",
                        "PLAINTEXT://127.0.0.1:%d,SECOND://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                                .formatted(first, port, controller),
                        "advertised.listeners",
                        "PLAINTEXT://127.0.0.1:%d,SECOND://127.0.0.1:%d".formatted(first, proxyPort),
                        "listener.security.protocol.map",
                        "PLAINTEXT:PLAINTEXT,SECOND:PLAINTEXT,CONTROLLER:PLAINTEXT"));
    }

    /** @param settings that go before ours */
    private static TestBroker start(int port, Map<String, String> settings) {
        var all = new HashMap<>(ours(port, freePort()));
        all.putAll(settings);
        var broker = new TestBroker(port, all);
        broker.startAgain();
        broker.tellWhich();
        return broker;
    }

    private static Map<String, String> ours(int port, int controllerPort) {
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort)),
                Map.entry("auto.create.topics.enable", "false"),
                // One node, and a few clients.
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                // One that was killed is let in again once its session is over.
                Map.entry("broker.session.timeout.ms", "2000"),
                Map.entry("broker.heartbeat.interval.ms", "500"),
                // So that a test need not wait for what waits for stragglers.
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("group.min.session.timeout.ms", "1000"),
                Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"),
                Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
                Map.entry("log.cleaner.threads", "1"));
    }

    /** Where clients find it, also while it is down: {@code host:port}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** The id of its cluster, as clients are told it. */
    public String clusterId() {
        return clusterId;
    }

    /** What it is and where: {@code process Kafka 4.2.1}. */
    public String kind() {
        return broker.kind();
    }

    public synchronized boolean isUp() {
        return broker.isUp();
    }

    /** Ends it as a crash does; what it had acknowledged stays. */
    public synchronized void kill() {
        broker.kill();
    }

    /** Ends it in order. */
    public synchronized void stop() {
        broker.stop();
    }

    /**
     * Starts it after {@link #kill} or {@link #stop}, and waits until it serves clients.
     *
     * @throws IllegalStateException if it does not within two minutes
     */
    public synchronized void startAgain() {
        if (!isUp()) {
            broker.start();
        }
    }

    /** A line for the summary of the run, which names what the tests ran on. */
    private void tellWhich() {
        String root = System.getProperty("vibrissa.root");
        if (root == null) {
            return; // no test, or one that is run by hand
        }
        try {
            Files.writeString(
                    Files.createDirectories(Path.of(root, "target")).resolve("test-servers"),
                    kind() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of this machine that nobody listens at. */
    public static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** 16 bytes as Kafka prints them: base64 for addresses, without padding. */
    private static String newClusterId() {
        var id = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(Long.BYTES * 2)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        bytes[0] &= 0x7f; // an id that begins with a dash would be taken for an option
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public synchronized void close() {
        broker.remove();
    }
}
