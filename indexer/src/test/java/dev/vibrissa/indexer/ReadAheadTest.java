package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.vibrissa.indexer.source.StoreSource;
import dev.vibrissa.protocol.sui.CheckpointFormatException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

/** A store that serves small bodies until it is trusted with a wide front, then huge ones. */
@Timeout(120)
class ReadAheadTest {
    private static final int SMALL_BYTES = 1_000;
    /** More than the socket buffers of both sides hold, so that a body not read cannot be sent. */
    private static final int HUGE_BYTES = 24 << 20;

    private static final int FIRST_HUGE = 100;
    private static final int END = 110;

    private final ExecutorService handlers =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    private final Set<Integer> begun = ConcurrentHashMap.newKeySet();
    private final Set<Integer> sent = ConcurrentHashMap.newKeySet();
    private final CountDownLatch manyBegun = new CountDownLatch(8);
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean saysItsLength = true;
    private volatile int broken = Integer.MAX_VALUE;
    private HttpServer store;
    private URI address;

    @BeforeEach
    void start() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.setExecutor(handlers);
        store.createContext("/", exchange -> {
            try (exchange) {
                int number = Integer.parseInt(exchange.getRequestURI().getPath().replaceAll("\\D", ""));
                asked.incrementAndGet();
                if (number >= END) {
                    exchange.sendResponseHeaders(404, -1);
                    return;
                }
                int size = number < FIRST_HUGE ? SMALL_BYTES : HUGE_BYTES;
                exchange.sendResponseHeaders(200, saysItsLength ? size : 0);
                if (number >= FIRST_HUGE && begun.add(number)) {
                    manyBegun.countDown();
                }
                byte[] part = new byte[SMALL_BYTES];
                for (int at = 0; at < size; at += part.length) {
                    exchange.getResponseBody().write(part, 0, Math.min(part.length, size - at));
                }
                if (number >= FIRST_HUGE) {
                    sent.add(number);
                }
            }
        });
        store.start();
        address = URI.create("http://127.0.0.1:" + store.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        store.stop(0);
        handlers.shutdownNow();
    }

    private StoreSource source() {
        return new StoreSource(address, 0, Optional.empty(), StoreSource.AtTip.END);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void neverHoldsMoreThanItsBudgetAndOneBody(boolean withLength) throws Exception {
        saysItsLength = withLength;
        long budgetBytes = 8 * 32L * SMALL_BYTES * 64; // 32 buffers of unknown length fit, no huge body does
        try (var source = source();
                var ahead = new ReadAhead<>(source, 0, budgetBytes, 2, raw -> raw.bytes().length)) {
            for (int number = 0; number < END; number++) {
                if (number == FIRST_HUGE) {
                    assertThat(manyBegun.await(60, TimeUnit.SECONDS))
                            .as("huge bodies asked for at once")
                            .isTrue();
                }
                if (!ahead.isReady()) {
                    ahead.release();
                }
                assertThat(ahead.next()).contains(number < FIRST_HUGE ? SMALL_BYTES : HUGE_BYTES);
                int handedOut = number;
                assertThat(sent)
                        .as("huge bodies read whole before %d was wanted", number + 2)
                        .allMatch(each -> each <= handedOut + 1);
            }
            ahead.release();
            assertThat(ahead.next()).isEmpty();
            long hugeCapacity = withLength ? HUGE_BYTES : 32 << 20; // a buffer that doubles
            assertThat(ahead.mostBytes()).isBetween(8 * hugeCapacity, budgetBytes + 8 * hugeCapacity);
        }
    }

    @Test
    void theFrontNarrowsToWhatFitsByTheMeanSize() throws Exception {
        try (var source = new StoreSource(address, FIRST_HUGE, Optional.empty(), StoreSource.AtTip.END);
                var ahead = new ReadAhead<>(source, FIRST_HUGE, 8L * 64 << 10, 2, raw -> raw.bytes().length)) {
            assertThat(ahead.next()).contains(HUGE_BYTES);
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void theNextIsNotWaitedForWhileItMayNeedRoomThatTheWriterHolds() throws Exception {
        try (var source = source();
                var ahead = new ReadAhead<>(source, FIRST_HUGE, 1 << 20, 2, raw -> raw.bytes().length)) {
            assertThat(ahead.next()).isPresent();
            assertThat(ahead.isReady()).isFalse();
            assertThatThrownBy(ahead::next).isInstanceOf(IllegalStateException.class);
            ahead.release();
            assertThat(ahead.next()).isPresent();
        }
    }

    @Test
    void aBodyThatDoesNotDecodeIsFetchedAgain() throws Exception {
        broken = 3;
        try (var source = source();
                var ahead = new ReadAhead<>(source, 0, 1 << 20, 2, raw -> decode(raw.name()))) {
            assertThat(ahead.next()).isPresent();
            assertThat(broken).isZero();
        }
    }

    @Test
    void oneThatNeverDecodesStopsABoundedReading() {
        try (var source = source();
                var ahead = new ReadAhead<>(source, 0, 8 * SMALL_BYTES, 2, raw -> decode(raw.name()))) {
            assertThatThrownBy(ahead::next).isInstanceOf(CheckpointFormatException.class);
        }
    }

    private synchronized String decode(String name) {
        if (name.endsWith("/0.binpb.zst") && broken > 0) {
            broken--;
            throw new CheckpointFormatException(name, "damaged");
        }
        return name;
    }
}
