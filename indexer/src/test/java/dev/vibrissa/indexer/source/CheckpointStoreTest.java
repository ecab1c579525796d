package dev.vibrissa.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store says of the epochs that are over, be it nonsense. */
@Timeout(60)
class CheckpointStoreTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Ticker clock = new Ticker() {
        @Override
        public long nanos() {
            return nanos.get();
        }

        @Override
        public void sleep(Duration pause) {
            nanos.addAndGet(pause.toNanos());
        }
    };
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int status = 200;
    private volatile byte[] list = {};

    private HttpServer server;
    private CheckpointStore store;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/epochs.json", exchange -> {
            asked.incrementAndGet();
            byte[] body = list;
            try (exchange) {
                exchange.sendResponseHeaders(status, status == 200 ? body.length : -1);
                exchange.getResponseBody().write(body);
            }
        });
        server.setExecutor(
                Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
        server.start();
        store = new CheckpointStore(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), Duration.ofSeconds(20), clock);
    }

    @AfterEach
    void stop() {
        store.close();
        server.stop(0);
    }

    private void lists(String text) {
        list = text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void tellsTheEndsOfEpochsAndTheLastForItsTip() throws Exception {
        lists("[9769, 85169, 161192]");
        assertThat(store.lastCheckpointOf(0)).hasValue(9769L);
        assertThat(store.lastCheckpointOf(2)).hasValue(161192L);
        assertThat(store.lastCheckpointOf(3)).isEmpty();
        assertThat(store.lastCheckpointOf(-1)).isEmpty();
        assertThat(store.tip()).isEqualTo(new Tip.At(161192));
        assertThat(asked).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "null",
                "7",
                "[",
                "{}",
                "{\"0\": 7}",
                "[7, null]",
                "[7, \"8\"]",
                "[7, [8]]",
                "[7, 8.5]",
                "[-1]",
                "[18446744073709551616]",
                "<html>"
            })
    void whatIsNoListOfNumbersIsNotKnown(String text) throws Exception {
        lists(text);
        assertThat(store.tip()).isEqualTo(new Tip.Untold());
        assertThat(store.lastCheckpointOf(0)).isEmpty();
    }

    @Test
    void aListWithoutEndIsNotRead() throws Exception {
        lists("[" + "7,".repeat(600_000) + "7]");
        assertThat(store.tip())
                .isInstanceOfSatisfying(
                        Tip.Unavailable.class, tip -> assertThat(tip.fault()).contains("we read up to 1048576"));
    }

    @Test
    void aFaultIsNotAskedForAgainAtOnceAndAListNotForAMinute() throws Exception {
        status = 503;
        for (int i = 0; i < 10; i++) {
            assertThat(store.tip()).isEqualTo(new Tip.Unavailable("status 503"));
            assertThat(store.lastCheckpointOf(0)).isEmpty();
        }
        assertThat(asked).hasValue(1);
        status = 200;
        lists("[7]");
        clock.sleep(Duration.ofSeconds(5));
        assertThat(store.tip()).isEqualTo(new Tip.At(7));
        lists("[7, 8]");
        clock.sleep(Duration.ofSeconds(59));
        assertThat(store.tip()).isEqualTo(new Tip.At(7));
        clock.sleep(Duration.ofSeconds(1));
        assertThat(store.tip()).isEqualTo(new Tip.At(8));
        assertThat(asked).hasValue(3);
    }

    @Test
    void manyThatAskAtOnceAskOnce() throws Exception {
        lists("[7]");
        try (var threads = Executors.newFixedThreadPool(8)) {
            var answers = threads.invokeAll(
                    Stream.<Callable<Tip>>generate(() -> store::tip).limit(8).toList());
            for (var each : answers) {
                assertThat(each.get()).isEqualTo(new Tip.At(7));
            }
        }
        assertThat(asked).hasValue(1);
    }
}
