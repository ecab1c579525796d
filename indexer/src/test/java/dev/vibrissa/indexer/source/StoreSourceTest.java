package dev.vibrissa.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkpoint store on a real socket, with bad days. */
class StoreSourceTest {
    private static final byte[] BODY = {1, 2, 3};

    private HttpServer server;
    private StoreSource source;
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final Queue<String> asked = new ArrayDeque<>();

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
        server.start();
        source = new StoreSource(
                URI.create("http://127.0.0.1:%d/store"
                        .formatted(server.getAddress().getPort())),
                7,
                Optional.empty());
    }

    @AfterEach
    void stop() {
        source.close();
        server.stop(0);
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
        assertThat(source.fetch(812)).hasValueSatisfying(raw -> {
            assertThat(raw.bytes()).isEqualTo(BODY);
            assertThat(raw.sequenceNumber()).isEqualTo(812);
        });
        assertThat(asked).containsExactly("/store/812.binpb.zst");
    }

    @Test
    void endsWhereTheStoreHasNoMore() throws Exception {
        answers.add(status(404));
        assertThat(source.fetch(812)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void asksAgainAfterATransientAnswer(int status) throws Exception {
        answers.add(status(status));
        answers.add(body());
        assertThat(source.fetch(1)).isPresent();
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
        assertThat(source.fetch(1)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 400, 401, 403, 410})
    void stopsAtAPermanentAnswerWithItsStatus(int status) {
        answers.add(status(status));
        assertThatThrownBy(() -> source.fetch(1))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("1.binpb.zst answered " + status);
    }
}
