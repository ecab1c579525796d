package dev.vibrissa.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The program in a process of its own, started by the launcher as anybody would start it. Closing ends it and waits until
 * it has gone.
 */
final class Program implements AutoCloseable {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(90);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final String name;
    private final Process process;
    private final Path log;

    private Program(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts {@code ./vibrissa} with {@code arguments}.
     *
     * @param folder where what it prints is kept
     */
    static Program start(Path project, Path folder, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(project.resolve("vibrissa").toString());
        command.addAll(List.of(arguments));
        Path log = folder.resolve(arguments[0] + ".log");
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .directory(folder.toFile());
        // Settings of whoever measures are not what is measured, except for the JVM.
        var environment = builder.environment();
        environment
                .keySet()
                .removeIf(key -> key.startsWith("VIBRISSA_")
                        && !List.of("VIBRISSA_JAVA_HOME", "VIBRISSA_JDK_FOLDER", "VIBRISSA_JAVA_OPTS")
                                .contains(key));
        Path settings = Files.writeString(folder.resolve("none.properties"), "");
        environment.put("VIBRISSA_CONFIG", settings.toString());
        return new Program(arguments[0], builder.start(), log);
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * What it printed first that looks like {@code pattern}.
     *
     * @throws IOException if it ends or the deadline passes without
     */
    MatchResult awaitOutput(Pattern pattern, Duration deadline) throws IOException, InterruptedException {
        long until = System.nanoTime() + deadline.toNanos();
        while (System.nanoTime() < until) {
            boolean alive = process.isAlive();
            var matcher = pattern.matcher(Files.readString(log));
            if (matcher.find()) {
                return matcher.toMatchResult();
            }
            if (!alive) {
                throw new IOException("%s ended with %d: %s".formatted(name, process.exitValue(), lastLines()));
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
        throw new IOException("%s did not print '%s' within %s: %s".formatted(name, pattern, deadline, lastLines()));
    }

    String lastLines() throws IOException {
        var lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
