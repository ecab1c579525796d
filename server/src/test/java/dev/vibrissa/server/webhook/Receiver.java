package dev.vibrissa.server.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Somebody who is told by HTTP, and may not take it well. What it does is said by the path. */
final class Receiver implements AutoCloseable {
    private final ServerSocket socket;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    final List<Delivery> deliveries = new CopyOnWriteArrayList<>();

    record Delivery(String path, Map<String, String> headers, String body) {}

    Receiver() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url(String path) {
        return "http://127.0.0.1:%d%s".formatted(socket.getLocalPort(), path);
    }

    List<Delivery> at(String path) {
        return deliveries.stream().filter(each -> each.path().equals(path)).toList();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket one = socket.accept();
                Thread.ofVirtual().start(() -> serve(one));
            } catch (IOException _) {
                // closed
            }
        }
    }

    private void serve(Socket one) {
        try (one) {
            Delivery delivery = read(one.getInputStream());
            deliveries.add(delivery);
            int times = asked.merge(delivery.path(), 1, Integer::sum);
            switch (delivery.path()) {
                case "/broken" -> answer(one, "500 No");
                case "/third-time" -> answer(one, times < 3 ? "503 Later" : "204 Fine");
                case "/elsewhere" -> answer(one, "302 There\r\nLocation: " + url("/there"));
                case "/gone" -> answer(one, "410 Gone");
                case "/garbled" ->
                    one.getOutputStream().write("HT\0P/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                case "/stalls" -> closed.await();
                case "/talks" -> talk(one);
                default -> answer(one, "200 OK");
            }
        } catch (IOException | UncheckedIOException _) {
            // The sender has hung up.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Delivery read(InputStream in) throws IOException {
        String path = line(in).split(" ", -1)[1];
        var headers = new HashMap<String, String>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Delivery(path, headers, new String(body, StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int each = in.read(); each >= 0 && each != '\n'; each = in.read()) {
            line.write(each);
        }
        return line.toString(StandardCharsets.US_ASCII).stripTrailing();
    }

    private static void answer(Socket one, String status) throws IOException {
        one.getOutputStream()
                .write("HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n"
                        .formatted(status)
                        .getBytes(StandardCharsets.US_ASCII));
    }

    /** Headers without end. */
    private static void talk(Socket one) throws IOException {
        byte[] header = ("X-More: " + "x".repeat(1_000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        one.getOutputStream().write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 100_000; i++) {
            one.getOutputStream().write(header);
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        socket.close();
    }
}
