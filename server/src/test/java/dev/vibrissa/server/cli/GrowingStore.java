package dev.vibrissa.server.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A checkpoint store that has the files of a folder, up to a tip that a test moves. */
final class GrowingStore implements AutoCloseable {
    private final HttpServer server;
    private final AtomicLong tip;

    GrowingStore(Path folder, long firstTip) throws IOException {
        tip = new AtomicLong(firstTip);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                String name = exchange.getRequestURI().getPath().substring(1);
                if (Long.parseLong(name.replace(".binpb.zst", "")) > tip.get()) {
                    exchange.sendResponseHeaders(404, -1);
                } else {
                    byte[] body = Files.readAllBytes(folder.resolve(name));
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                }
            }
        });
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void growTo(long checkpoint) {
        tip.set(checkpoint);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
