package dev.vibrissa.verifier.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * Places that no storage node answers for. If none of them can be reached, it is our own network that is out. A TCP
 * connection is enough: that something answers, not what.
 */
public record ControlTargets(List<Target> targets) implements BooleanSupplier {
    /** A path across the world takes a third of a second; ten times that is no path. */
    public static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final int MAX_PORT = 65_535;

    /** A host and port, looked up anew at each try. */
    public record Target(String host, int port) {
        /**
         * Reads {@code host:port}, or an address whose scheme tells the port where it has none.
         *
         * @throws IllegalArgumentException if it is neither
         */
        public static Target parse(String text) {
            var uri = URI.create(text.contains("://") ? text : "tcp://" + text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            int port = uri.getPort() > 0
                    ? uri.getPort()
                    : switch (scheme) {
                        case "https", "grpcs" -> 443;
                        case "http", "grpc" -> 80;
                        default -> 0;
                    };
            if (uri.getHost() == null || port < 1 || port > MAX_PORT) {
                throw new IllegalArgumentException("'%s' is no control target: host:port, or a URL".formatted(text));
            }
            return new Target(uri.getHost(), port);
        }

        private boolean connects() {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(host, port), (int) TIMEOUT.toMillis());
                return true;
            } catch (IOException _) {
                return false; // for whatever reason: the others may be reached
            }
        }
    }

    public ControlTargets {
        targets = List.copyOf(targets);
    }

    /** Whether any can be reached; true without any, for then they say nothing. An interrupt reads as reached. */
    @Override
    public boolean getAsBoolean() {
        if (targets.isEmpty()) {
            return true;
        }
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            var tries = new ExecutorCompletionService<Boolean>(threads);
            targets.forEach(each -> tries.submit(each::connects));
            for (int i = 0; i < targets.size(); i++) {
                if (tries.take().get()) {
                    return true;
                }
            }
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a control target failed to be tried", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
