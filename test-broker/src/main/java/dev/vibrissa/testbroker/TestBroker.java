package dev.vibrissa.testbroker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker of one node on this machine, which can be killed and started again on the same port with what it had:
 *
 * <pre>{@code
 * @AutoClose
 * static final TestBroker BROKER = TestBroker.start();
 * }</pre>
 *
 * <p>Topics are not created by being asked for. Safe for use by several threads.
 */
public final class TestBroker implements AutoCloseable {
    /** It starts in three seconds, in far more where the machine has other work. */
    private static final int START_SECONDS = 120;

    private static final int STOP_SECONDS = 30;

    private final Path folder;
    private final int port;
    private final String clusterId;
    private @Nullable Process process;

    private TestBroker(Path folder, int port, String clusterId) {
        this.folder = folder;
        this.port = port;
        this.clusterId = clusterId;
    }

    /** Starts a new broker in a temporary folder, which goes with it. */
    public static TestBroker start() {
        return start(Map.of());
    }

    /**
     * The same with settings that go before ours, such as {@code advertised.listeners}.
     *
     * @throws IllegalStateException if it does not serve clients within two minutes
     */
    public static TestBroker start(Map<String, String> settings) {
        return start(freePort(), settings);
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

    private static TestBroker start(int port, Map<String, String> settings) {
        try {
            Path folder = Files.createTempDirectory("vibrissa-test-broker-");
            var broker = new TestBroker(folder, port, newClusterId());
            var properties = new Properties();
            properties.putAll(ours(broker.port, freePort(), folder.resolve("data")));
            properties.putAll(settings);
            try (var out = Files.newBufferedWriter(folder.resolve("broker.properties"))) {
                properties.store(out, null);
            }
            broker.startAgain();
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> ours(int port, int controllerPort, Path data) {
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort)),
                Map.entry("log.dirs", data.toString()),
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

    public synchronized boolean isUp() {
        return process != null && process.isAlive();
    }

    /** Ends it as a crash does; what it had acknowledged stays. */
    public synchronized void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            await(running);
            process = null;
        }
    }

    /** Ends it in order. */
    public synchronized void stop() {
        Process running = process;
        if (running == null) {
            return;
        }
        try (var in = running.getOutputStream()) {
            in.write('\n');
        } catch (IOException e) {
            running.destroyForcibly(); // it has gone by itself
        }
        await(running);
        process = null;
    }

    /**
     * Starts it after {@link #kill} or {@link #stop}, and waits until it serves clients.
     *
     * @throws IllegalStateException if it does not within two minutes
     */
    public synchronized void startAgain() {
        if (isUp()) {
            return;
        }
        try {
            var command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                    "-cp",
                    classPath(),
                    BrokerProcess.class.getName(),
                    folder.resolve("broker.properties").toString(),
                    clusterId);
            Process started = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("broker.log").toFile()))
                    .start();
            process = started;
            awaitReady(started);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady(Process started) throws IOException {
        var watchdog = Thread.ofPlatform().daemon().start(() -> {
            try {
                TimeUnit.SECONDS.sleep(START_SECONDS);
                started.destroyForcibly(); // which ends its output
            } catch (InterruptedException e) {
                // It is up.
            }
        });
        BufferedReader out = started.inputReader();
        String line = out.readLine();
        while (line != null && !line.equals(BrokerProcess.READY)) {
            line = out.readLine();
        }
        watchdog.interrupt();
        if (line == null) {
            started.destroyForcibly();
            throw new IllegalStateException("the broker did not start within %d s:%n%s"
                    .formatted(START_SECONDS, Files.readString(folder.resolve("broker.log"))));
        }
    }

    private static String classPath() throws IOException {
        try (InputStream in = TestBroker.class.getResourceAsStream("/broker.classpath")) {
            if (in == null) {
                throw new IllegalStateException("broker.classpath is missing: it is written when this module is built");
            }
            Path own = Path.of(TestBroker.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath());
            return own + ":" + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    private static void await(Process process) {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
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
        kill();
        deleteAll(folder);
    }

    private static void deleteAll(Path root) {
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("test broker left behind in " + root + ": " + e);
        }
    }
}
