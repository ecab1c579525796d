package dev.vibrissa.server.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** This very program, started again as processes of their own. */
public final class Program {
    private static final Duration DEADLINE = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(100);

    private final List<String> command;
    private final Map<String, String> environment;

    private Program(List<String> command, Map<String, String> environment) {
        this.command = command;
        this.environment = environment;
    }

    /** The same with variables, which no other process gives it. */
    public Program with(Map<String, String> variables) {
        return new Program(command, variables);
    }

    /** The program in a jar, on the JVM that runs us, with its compilers and collector. */
    public static Program of(Path jar) {
        return of(
                jar,
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(option -> option.startsWith("-XX:"))
                        .toList());
    }

    /** The program in a jar as the launcher starts it, whatever our own JVM makes do with: for what asks how fast it is. */
    public static Program asLaunched(Path jar) {
        return of(jar, List.of());
    }

    private static Program of(Path jar, List<String> options) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-jar", jar.toString()));
        return new Program(List.copyOf(command), Map.of());
    }

    /**
     * The program that is running now.
     *
     * @throws IllegalStateException if it was not started from a jar
     */
    public static Program thisOne() {
        var arguments = List.of(ProcessHandle.current().info().arguments().orElse(new String[0]));
        int jar = arguments.indexOf("-jar") + 1;
        if (jar == 0 || jar == arguments.size()) {
            throw new IllegalStateException("this program was not started from a jar: " + arguments);
        }
        return of(Path.of(arguments.get(jar)));
    }

    /** How a run that ends by itself ended. */
    public record Ended(int exitCode, String output) {}

    /** Runs the program to its end, standard output and errors in one text. */
    public Ended run(Path log, String... arguments) throws InterruptedException {
        Process process = start(log, arguments);
        try {
            if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("%s has not ended within %s".formatted(List.of(arguments), DEADLINE));
            }
            return new Ended(process.exitValue(), Files.readString(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Starts the program. The caller ends it. */
    public Process start(Path log, String... arguments) {
        var all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        try {
            var builder = new ProcessBuilder(all)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            // Nothing but the arguments may count: a database that is configured here would be written to.
            builder.environment().keySet().removeIf(name -> name.startsWith("VIBRISSA_"));
            builder.environment().put("VIBRISSA_CONFIG", "/dev/null");
            builder.environment().put("VIBRISSA_API_RESOLVE_HOSTS_EVERY", "0"); // names of made-up nodes lead nowhere
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server that answers, stopped at the end. */
    public final class Server implements AutoCloseable {
        private final Process process;
        private final URI address;

        private Server(Process process, URI address) {
            this.process = process;
            this.address = address;
        }

        public URI address() {
            return address;
        }

        /** To be killed, or told to stop. */
        public Process process() {
            return process;
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(30, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Starts {@code up} on a free port and waits until it is ready. */
    public Server serve(Path log, String... arguments) throws InterruptedException {
        int port = freePort();
        var all = new ArrayList<>(List.of("up", "--port", Integer.toString(port)));
        all.addAll(List.of(arguments));
        var server = new Server(start(log, all.toArray(String[]::new)), URI.create("http://127.0.0.1:" + port));
        try (var http = HttpClient.newHttpClient()) {
            var ready = HttpRequest.newBuilder(server.address().resolve("/q/health/ready"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            for (long end = System.nanoTime() + DEADLINE.toNanos(); System.nanoTime() < end; ) {
                if (!server.process.isAlive()) {
                    throw new IllegalStateException(
                            "the server ended with %d: %s".formatted(server.process.exitValue(), tail(log)));
                }
                try {
                    if (http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                        return server;
                    }
                } catch (IOException e) {
                    // Not listening yet: asked again until the deadline.
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
        server.close();
        throw new IllegalStateException("the server is not ready within %s: %s".formatted(DEADLINE, tail(log)));
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String tail(Path log) {
        try {
            String text = Files.readString(log);
            return text.substring(Math.max(0, text.length() - 2000));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
