package dev.vibrissa.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkpoint store on a real socket, with bad days. */
class StoreSourceTest {
    private static final byte[] BODY = {1, 2, 3};

    private HttpServer server;
    private StoreSource source;
    private final ExecutorService handlers =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @FunctionalInterface
    private interface Answer {
        void give(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            try (exchange) {
                answers.remove().give(exchange);
            }
        });
        server.setExecutor(handlers);
        server.start();
        source = new StoreSource(
                URI.create("http://127.0.0.1:%d/store"
                        .formatted(server.getAddress().getPort())),
                7,
                Optional.empty(),
                StoreSource.AtTip.END,
                Duration.ofMillis(500));
    }

    @AfterEach
    void stop() {
        source.close();
        server.stop(0);
        handlers.shutdownNow();
    }

    private static Answer status(int code) {
        return exchange -> exchange.sendResponseHeaders(code, -1);
    }

    private static Answer body() {
        return exchange -> {
            exchange.sendResponseHeaders(200, BODY.length);
            exchange.getResponseBody().write(BODY);
        };
    }

    @Test
    void asksForTheFileOfTheSequenceNumber() throws Exception {
        answers.add(body());
        assertThat(source.fetch(812, Room.UNBOUNDED)).hasValueSatisfying(raw -> {
            assertThat(raw.bytes()).isEqualTo(BODY);
            assertThat(raw.sequenceNumber()).isEqualTo(812);
        });
        assertThat(asked).containsExactly("/store/812.binpb.zst");
    }

    @Test
    void endsWhereTheStoreHasNoMore() throws Exception {
        answers.add(status(404));
        assertThat(source.fetch(812, Room.UNBOUNDED)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void asksAgainAfterATransientAnswer(int status) throws Exception {
        answers.add(status(status));
        answers.add(body());
        assertThat(source.fetch(1, Room.UNBOUNDED)).isPresent();
        assertThat(asked).hasSize(2);
    }

    @Test
    void asksAgainAfterABodyThatBreaksOff() throws Exception {
        answers.add(exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(BODY);
            exchange.getResponseBody().flush();
            throw new IOException("cut");
        });
        answers.add(body());
        assertThat(source.fetch(1, Room.UNBOUNDED)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 400, 401, 403, 410})
    void stopsAtAPermanentAnswerWithItsStatus(int status) {
        answers.add(status(status));
        assertThatThrownBy(() -> source.fetch(1, Room.UNBOUNDED))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("1.binpb.zst answered " + status);
    }

    @Test
    @Timeout(60)
    void asksAgainWhereABodyStalls() throws Exception {
        var over = new CountDownLatch(1);
        answers.add(exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(BODY);
            exchange.getResponseBody().flush();
            awaitQuietly(over);
        });
        answers.add(body());
        assertThat(source.fetch(1, Room.UNBOUNDED))
                .hasValueSatisfying(raw -> assertThat(raw.bytes()).isEqualTo(BODY));
        over.countDown();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesRoomBeforeItReads(boolean saysItsLength) throws Exception {
        byte[] body = new byte[300_000];
        new Random(7).nextBytes(body);
        answers.add(status(503));
        answers.add(exchange -> {
            exchange.sendResponseHeaders(200, saysItsLength ? body.length : 0); // 0: chunked
            exchange.getResponseBody().write(body);
        });
        var room = new CountingRoom();
        var raw = source.fetch(1, room).orElseThrow();
        assertThat(raw.bytes()).isEqualTo(body);
        assertThat(room.steps.getFirst()).isZero(); // after 503 nothing is held
        if (saysItsLength) {
            assertThat(room.steps).containsExactly(0, body.length);
        } else {
            // A buffer that doubles from 64 KiB.
            assertThat(room.steps).containsExactly(0, 1 << 16, 1 << 17, 1 << 18, 1 << 19);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Timeout(60)
    void aBodyWithoutRoomStaysWithTheStore(boolean saysItsLength) throws Exception {
        int size = 64 << 20; // more than socket buffers hold
        var written = new AtomicInteger();
        var done = new CountDownLatch(1);
        answers.add(exchange -> {
            exchange.sendResponseHeaders(200, saysItsLength ? size : 0);
            try (var out = exchange.getResponseBody()) {
                for (byte[] part = new byte[1 << 16]; written.get() < size; written.addAndGet(part.length)) {
                    out.write(part);
                }
            } finally {
                done.countDown();
            }
        });
        var asked = new CountDownLatch(1);
        var full = new Room() {
            @Override
            public void take(int fileBytes) throws InterruptedException {
                asked.countDown();
                new CountDownLatch(1).await(); // for ever
            }

            @Override
            public void giveBack() {}
        };
        var reader = Thread.ofPlatform().start(() -> {
            try {
                source.fetch(1, full);
            } catch (InterruptedException _) {
                // as it should be
            }
        });
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        // Longer than the half second a body may take: waiting for room is not counted, and nothing is read meanwhile.
        assertThat(done.await(1, TimeUnit.SECONDS)).isFalse();
        assertThat(written.get()).isLessThan(size);
        reader.interrupt();
        reader.join(Duration.ofSeconds(20));
        assertThat(reader.isAlive()).isFalse();
    }

    private static final class CountingRoom implements Room {
        private final List<Integer> steps = new ArrayList<>();
        private int taken;

        @Override
        public void take(int fileBytes) {
            taken += fileBytes;
            steps.add(taken);
        }

        @Override
        public void giveBack() {
            taken = 0;
            steps.add(taken);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
