package dev.vibrissa.testbroker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A broker in a process of this machine, with a temporary folder for what it keeps. */
final class BrokerInProcess implements Broker {
    private final String clusterId;
    private final Path folder;
    private @Nullable Process process;

    /** @param settings of the broker, without the place of what it keeps */
    BrokerInProcess(String clusterId, Map<String, String> settings) {
        this.clusterId = clusterId;
        try {
            folder = Files.createTempDirectory("vibrissa-test-broker-");
            var properties = new Properties();
            properties.putAll(settings);
            properties.put("log.dirs", folder.resolve("data").toString());
            try (var out = Files.newBufferedWriter(folder.resolve("broker.properties"))) {
                properties.store(out, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String kind() {
        return "process Kafka " + BrokerLibraries.version();
    }

    @Override
    public boolean isUp() {
        return process != null && process.isAlive();
    }

    @Override
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            await(running);
            process = null;
        }
    }

    @Override
    public void stop() {
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

    @Override
    public void start() {
        try {
            var command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                    "-cp",
                    BrokerLibraries.classPath(),
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

    @Override
    public void remove() {
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
