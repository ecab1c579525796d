package dev.vibrissa.verifier.node;

import static dev.vibrissa.verifier.node.FakeStorageNode.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.NetworkKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A node on a real socket does its worst; the client says what it saw, in time, and lives on. */
@Timeout(60)
class HostileNodeTest {
    private static final int BODY_BYTES = 1000;
    private static final byte[] BODY = new byte[BODY_BYTES];
    private static final Question QUESTION = Question.bcs("v1/blobs/x/metadata", BODY_BYTES, true);

    // Frames of HTTP/2, and the stream on which OkHttp asks.
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS_FRAME = 4;
    private static final int PING = 6;
    private static final int GO_AWAY = 7;
    private static final int CONTINUATION = 9;
    private static final int FIRST_STREAM = 3;

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(30);
    /** Machines may be slow, but a node that holds us holds us for good. */
    private static final Duration SLACK = Duration.ofSeconds(10);
    /** No deadline is met by a machine that is merely slow. */
    private static final Limits PATIENT = new Limits(LONG, LONG, LONG, 0, LONG);

    private static final Limits HASTY_TO_CONNECT = new Limits(SHORT, LONG, LONG, 0, LONG);
    /** The handshake counts in it, and the first one of a JVM takes its time. */
    private static final Limits HASTY_FOR_HEAD = new Limits(LONG, Duration.ofMillis(1500), LONG, 0, LONG);

    private static final Limits HASTY_IN_ALL = new Limits(LONG, LONG, Duration.ofMillis(1500), 0, LONG);
    private static final Limits HASTY_FOR_RATE = new Limits(LONG, LONG, LONG, 10_000, SHORT);

    private static final NodeClientSettings SETTINGS = NodeClientSettings.of(URI.create("https://example.org/probes"))
            .withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.1/32"))
            .withLimits(PATIENT);

    private static Outcome<byte[]> ask(FakeStorageNode fake, Limits limits, Question question)
            throws InterruptedException {
        return inTime(limits, () -> new NodeClient(SETTINGS.withLimits(limits)).ask(fake.node(), question));
    }

    @FunctionalInterface
    private interface Asking {
        Outcome<byte[]> ask() throws InterruptedException;
    }

    /** Holds an exchange to the deadline that it says it missed, or else to that of the whole. */
    private static Outcome<byte[]> inTime(Limits limits, Asking asking) throws InterruptedException {
        long start = System.nanoTime();
        Outcome<byte[]> outcome = asking.ask();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        Duration deadline = switch (outcome) {
            case Outcome.Failed<byte[]>(Failure.TooLate(Phase _, Duration missed), Traffic _, var _) -> missed;
            case Outcome.Failed<byte[]>(Failure.TooSlow slow, Traffic _, var _) ->
                limits.rateGrace().plusSeconds(slow.bodyBytes() / slow.leastBytesPerSecond());
            case Outcome.Failed<byte[]> _, Outcome.Answered<byte[]> _ -> limits.total();
        };
        assertThat(elapsed).isLessThan(deadline.plus(SLACK));
        return outcome;
    }

    private static Outcome<byte[]> ask(FakeStorageNode fake) throws InterruptedException {
        return ask(fake, PATIENT, QUESTION);
    }

    private static Outcome.Failed<?> failed(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return (Outcome.Failed<?>) outcome;
    }

    private static <F extends Failure> F failure(Outcome<?> outcome, Class<F> as, Blame blame) {
        Outcome.Failed<?> failed = failed(outcome);
        assertThat(failed.failure()).isInstanceOf(as);
        assertThat(failed.blame()).isEqualTo(blame);
        return as.cast(failed.failure());
    }

    private static MockResponse.Builder ok(byte[] body) {
        return new MockResponse.Builder().body(new Buffer().write(body));
    }

    /** A node of HTTP/1.1 that writes its answer by hand. */
    private static FakeStorageNode answering(FakeStorageNode.Behaviour answer) throws IOException {
        return FakeStorageNode.withinTls(Protocol.HTTP_1_1, connection -> {
            connection.readHead();
            answer.on(connection);
        });
    }

    /** A node of HTTP/2 that writes its frames by hand. */
    private static FakeStorageNode answeringInHttp2(FakeStorageNode.Behaviour answer) throws IOException {
        return FakeStorageNode.withinTls(Protocol.HTTP_2, connection -> {
            connection.write(frame(SETTINGS_FRAME, 0, 0, new byte[0]));
            connection.readHttp2Request();
            answer.on(connection);
        });
    }

    private static byte[] frame(int frameType, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >>> 16))
                .putShort((short) payload.length)
                .put((byte) frameType)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** The first handshake of a JVM takes its time, which the short deadlines are not about. */
    @BeforeAll
    static void warmUp() throws Exception {
        try (var fake = FakeStorageNode.speaking(Protocol.HTTP_2, _ -> ok(BODY).build())) {
            ask(fake);
        }
    }

    // ---------------------------------------------------------------- as it should be

    @ParameterizedTest
    @EnumSource(names = {"HTTP_2", "HTTP_1_1"})
    void anHonestAnswerComesWithWhatItTook(Protocol protocol) throws Exception {
        try (var fake = FakeStorageNode.speaking(protocol, _ -> ok(BODY).build())) {
            var outcome = ask(fake);

            assertThat(outcome)
                    .asInstanceOf(type(Outcome.Answered.class))
                    .satisfies(answered -> assertThat(answered.value()).isEqualTo(BODY));
            Traffic traffic = outcome.traffic();
            assertThat(traffic.protocol()).contains(protocol.toString());
            assertThat(traffic.status()).contains(200);
            assertThat(traffic.address()).hasValueSatisfying(address -> {
                assertThat(address.getAddress().getHostAddress()).isEqualTo("127.0.0.1");
                assertThat(address.getPort()).isEqualTo(fake.port());
            });
            assertThat(traffic.pinned()).isTrue();
            assertThat(traffic.bodyBytes()).isEqualTo(BODY_BYTES);
            assertThat(traffic.wireBytes()).isGreaterThan(BODY_BYTES);
            assertThat(traffic.connect().orElseThrow())
                    .isLessThanOrEqualTo(traffic.secure().orElseThrow());
            assertThat(traffic.secure().orElseThrow())
                    .isLessThanOrEqualTo(traffic.firstByte().orElseThrow());
            assertThat(traffic.firstByte().orElseThrow()).isLessThanOrEqualTo(traffic.total());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_2", "HTTP_1_1"})
    void theClientSaysWhoItIsAndTakesNothingCompressed(Protocol protocol) throws Exception {
        try (var fake = FakeStorageNode.speaking(protocol, _ -> ok(BODY).build())) {
            ask(fake);
            assertThat(fake.requests).singleElement().satisfies(request -> {
                assertThat(request.getMethod()).isEqualTo("GET");
                assertThat(request.getTarget()).isEqualTo("/v1/blobs/x/metadata");
                assertThat(request.getHeaders().get("User-Agent"))
                        .isEqualTo("vibrissa/0.1 (+https://example.org/probes)");
                assertThat(request.getHeaders().get("Accept-Encoding")).isEqualTo("identity");
            });
        }
    }

    // ---------------------------------------------------------------- stalls and drips

    @Test
    void aNodeThatStallsBeforeTlsIsTooLate() throws Exception {
        try (var fake = FakeStorageNode.beforeTls(FakeStorageNode.Connection::stall)) {
            var outcome = ask(fake, HASTY_TO_CONNECT, QUESTION);
            var late = failure(outcome, Failure.TooLate.class, Blame.NODE_OR_NETWORK);
            assertThat(late).isEqualTo(new Failure.TooLate(Phase.SECURE, SHORT));
            assertThat(outcome.traffic().pinned()).isFalse(); // nobody has shown the key
        }
    }

    @Test
    void aNodeThatDoesNotTakeTheConnectionIsTooLate() throws Exception {
        var waiting = new ArrayList<SocketChannel>();
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var fake = FakeStorageNode.beforeTls(_ -> {})) {
            for (int i = 0; i < 16; i++) { // more than the queue takes
                var channel = SocketChannel.open();
                waiting.add(channel);
                channel.configureBlocking(false);
                channel.connect(full.getLocalSocketAddress());
            }
            var node = fake.node("127.0.0.1:" + full.getLocalPort(), fake.node().networkKey());
            var outcome = inTime(
                    HASTY_TO_CONNECT, () -> new NodeClient(SETTINGS.withLimits(HASTY_TO_CONNECT)).ask(node, QUESTION));
            var late = failure(outcome, Failure.TooLate.class, Blame.NODE_OR_NETWORK);
            assertThat(late.phase()).isIn(Phase.CONNECT, Phase.SECURE); // how long a queue is, the system decides
        } finally {
            for (var each : waiting) {
                each.close();
            }
        }
    }

    @Test
    void aNodeThatStallsBeforeItsHeadIsTooLate() throws Exception {
        try (var fake = answering(FakeStorageNode.Connection::stall)) {
            var late = failure(ask(fake, HASTY_FOR_HEAD, QUESTION), Failure.TooLate.class, Blame.NODE_OR_NETWORK);
            assertThat(late.phase()).isEqualTo(Phase.ANSWER);
        }
    }

    @Test
    void aNodeThatStallsBeforeItsHeadIsTooLateInHttp2() throws Exception {
        try (var fake = answeringInHttp2(FakeStorageNode.Connection::stall)) {
            var late = failure(ask(fake, HASTY_FOR_HEAD, QUESTION), Failure.TooLate.class, Blame.NODE_OR_NETWORK);
            assertThat(late.phase()).isEqualTo(Phase.ANSWER);
        }
    }

    @Test
    void aNodeThatStallsInTheBodyIsTooLate() throws Exception {
        try (var fake = answering(connection -> {
            connection.write(head(200, Map.of("Content-Length", "1000")));
            connection.write(new byte[100]);
            connection.stall();
        })) {
            var outcome = ask(fake, HASTY_IN_ALL, QUESTION);
            var late = failure(outcome, Failure.TooLate.class, Blame.NODE_OR_NETWORK);
            assertThat(late.phase()).isEqualTo(Phase.BODY);
            assertThat(outcome.traffic().bodyBytes()).isEqualTo(100);
            assertThat(outcome.traffic().status()).contains(200);
        }
    }

    @Test
    void aNodeThatStallsInTheBodyIsTooSlow() throws Exception {
        try (var fake = FakeStorageNode.speaking(
                Protocol.HTTP_2,
                _ -> ok(BODY).onResponseBody(SocketEffect.Stall.INSTANCE).build())) {
            failure(ask(fake, HASTY_FOR_RATE, QUESTION), Failure.TooSlow.class, Blame.NODE_OR_NETWORK);
        }
    }

    @Test
    void aNodeThatDripsItsBodyIsTooSlow() throws Exception {
        try (var fake = answering(connection -> {
            connection.write(head(200, Map.of("Content-Length", "1000")));
            connection.drip(Duration.ofMillis(5));
        })) {
            var slow = failure(ask(fake, HASTY_FOR_RATE, QUESTION), Failure.TooSlow.class, Blame.NODE_OR_NETWORK);
            assertThat(slow.leastBytesPerSecond()).isEqualTo(10_000);
            assertThat(slow.bodyBytes()).isLessThan(BODY_BYTES);
        }
    }

    @Test
    void aNodeThatDripsItsHeadIsTooLate() throws Exception {
        try (var fake = answering(connection -> {
            connection.write("HTTP/1.1 200 OK\r\nX: ");
            connection.drip(Duration.ofMillis(5));
        })) {
            var late = failure(ask(fake, HASTY_FOR_HEAD, QUESTION), Failure.TooLate.class, Blame.NODE_OR_NETWORK);
            assertThat(late.phase()).isEqualTo(Phase.ANSWER);
        }
    }

    @Test
    void aNodeThatDripsInsteadOfTlsDoesNotHoldUs() throws Exception {
        // A record of handshake, 16 KiB long, byte by byte.
        try (var fake = FakeStorageNode.beforeTls(connection -> {
            connection.write(new byte[] {0x16, 3, 3, 0x40, 0, 2, 0, 0x3f, (byte) 0xfc});
            connection.drip(Duration.ofMillis(5));
        })) {
            var late = failure(ask(fake, HASTY_TO_CONNECT, QUESTION), Failure.TooLate.class, Blame.NODE_OR_NETWORK);
            assertThat(late.phase()).isEqualTo(Phase.SECURE);
        }
    }

    @Test
    void aRefusalStaysOneThoughItsBodyStalls() throws Exception {
        try (var fake = answering(connection -> {
            connection.write(head(404, Map.of("Content-Length", "1000")));
            connection.stall();
        })) {
            var refused = failure(ask(fake, HASTY_IN_ALL, QUESTION), Failure.Refused.class, Blame.NODE);
            assertThat(refused.refusal()).isEqualTo(Refusal.NOT_FOUND);
            assertThat(refused.error()).isEmpty();
        }
    }

    @Test
    void aLookUpThatHangsDoesNotHoldUs() throws Exception {
        var hanging = new CountDownLatch(1);
        var lookUps = new AtomicInteger();
        Resolver resolver = _ -> {
            lookUps.incrementAndGet();
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException("late");
        };
        try (var fake = FakeStorageNode.beforeTls(FakeStorageNode.Connection::stall)) {
            var client = new NodeClient(SETTINGS.withLimits(HASTY_TO_CONNECT).withResolver(resolver));
            for (int i = 0; i < 3; i++) {
                var outcome = inTime(HASTY_TO_CONNECT, () -> client.ask(at(fake, "node.test"), QUESTION));
                assertThat(failure(outcome, Failure.TooLate.class, Blame.NODE_OR_NETWORK)
                                .phase())
                        .isEqualTo(Phase.RESOLVE);
            }
            assertThat(lookUps).hasValue(1); // the rest joined the one that hangs
        } finally {
            hanging.countDown();
        }
    }

    // ---------------------------------------------------------------- lengths

    @ParameterizedTest
    @EnumSource(names = {"HTTP_2", "HTTP_1_1"})
    void aBodyAnnouncedAsTooLargeIsNotRead(Protocol protocol) throws Exception {
        try (var fake = FakeStorageNode.speaking(
                protocol, _ -> ok(new byte[BODY_BYTES + 1]).build())) {
            var outcome = ask(fake);
            var large = failure(outcome, Failure.TooLarge.class, Blame.NODE);
            assertThat(large).isEqualTo(new Failure.TooLarge(Failure.Part.BODY, BODY_BYTES, BODY_BYTES + 1));
            assertThat(outcome.traffic().bodyBytes()).isZero();
        }
    }

    @Test
    void aBodyOfTenGigabytesIsNotRead() throws Exception {
        try (var fake = answering(connection -> {
            connection.write(head(200, Map.of("Content-Length", "10000000000")));
            connection.writeEndlessly(new byte[1 << 14]);
        })) {
            var large = failure(ask(fake), Failure.TooLarge.class, Blame.NODE);
            assertThat(large.seenBytes()).isEqualTo(10_000_000_000L);
        }
    }

    @Test
    void aBodyWithoutAnEndIsCutWhereItIsTooLarge() throws Exception {
        try (var fake = answering(connection -> {
            connection.write(head(200, Map.of("Transfer-Encoding", "chunked")));
            connection.writeEndlessly(
                    "400\r\n%s\r\n".formatted("x".repeat(0x400)).getBytes());
        })) {
            var large = failure(ask(fake), Failure.TooLarge.class, Blame.NODE);
            assertThat(large).isEqualTo(new Failure.TooLarge(Failure.Part.BODY, BODY_BYTES, BODY_BYTES + 1));
        }
    }

    @Test
    void aBodyLargerThanItsAnnouncementInHttp2IsTooLarge() throws Exception {
        try (var fake = FakeStorageNode.speaking(
                Protocol.HTTP_2,
                _ -> ok(new byte[50 << 20]).setHeader("Content-Length", "1000").build())) {
            var outcome = ask(fake);
            failure(outcome, Failure.TooLarge.class, Blame.NODE);
            assertThat(outcome.traffic().wireBytes()).isLessThan(1 << 20);
        }
    }

    @Test
    void chunksThatCarryNothingAreCounted() throws Exception {
        try (var fake = answering(connection -> {
            connection.write(head(200, Map.of("Transfer-Encoding", "chunked")));
            connection.writeEndlessly(
                    "1;%s\r\nx\r\n".formatted("x".repeat(4000)).getBytes());
        })) {
            var large = failure(ask(fake), Failure.TooLarge.class, Blame.NODE);
            assertThat(large.part()).isEqualTo(Failure.Part.CONNECTION);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_2", "HTTP_1_1"})
    void aShortBodyIsOfWrongLength(Protocol protocol) throws Exception {
        try (var fake = FakeStorageNode.speaking(
                protocol, _ -> ok(new byte[BODY_BYTES - 1]).build())) {
            var wrong = failure(ask(fake), Failure.WrongLength.class, Blame.NODE);
            assertThat(wrong).isEqualTo(new Failure.WrongLength(BODY_BYTES, BODY_BYTES - 1));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_2", "HTTP_1_1"})
    void aShortBodyWithoutAnnouncementIsOfWrongLength(Protocol protocol) throws Exception {
        MockResponse answer = protocol == Protocol.HTTP_2
                ? ok(new byte[999]).removeHeader("Content-Length").build()
                : new MockResponse.Builder()
                        .chunkedBody(new Buffer().write(new byte[999]), 100)
                        .build();
        try (var fake = FakeStorageNode.speaking(protocol, _ -> answer)) {
            var wrong = failure(ask(fake), Failure.WrongLength.class, Blame.NODE);
            assertThat(wrong).isEqualTo(new Failure.WrongLength(BODY_BYTES, 999));
        }
    }

    @Test
    void aConnectionCutInTheBodyIsNoLie() throws Exception {
        try (var fake = answering(connection -> {
            connection.write(head(200, Map.of("Content-Length", "1000")));
            connection.write(new byte[500]);
        })) {
            var outcome = ask(fake);
            assertThat(failure(outcome, Failure.Cut.class, Blame.NODE_OR_NETWORK)
                            .phase())
                    .isEqualTo(Phase.BODY);
            assertThat(outcome.traffic().bodyBytes()).isEqualTo(500);
        }
    }

    @Test
    void aBodyThatEndsWithTheConnectionMayHaveBeenCut() throws Exception {
        try (var fake = answering(connection -> {
            connection.write(head(200, Map.of("Connection", "close")));
            connection.write(new byte[500]);
        })) {
            assertThat(failure(ask(fake), Failure.Cut.class, Blame.NODE_OR_NETWORK)
                            .phase())
                    .isEqualTo(Phase.BODY);
        }
    }

    @Test
    void aConnectionCutBeforeTheHeadIsCut() throws Exception {
        try (var fake = answering(_ -> {})) {
            assertThat(failure(ask(fake), Failure.Cut.class, Blame.NODE_OR_NETWORK)
                            .phase())
                    .isEqualTo(Phase.ANSWER);
        }
    }

    @Test
    void aConnectionCutInTheBodyInHttp2IsCut() throws Exception {
        try (var fake = FakeStorageNode.speaking(
                Protocol.HTTP_2,
                _ -> ok(BODY).onResponseBody(new SocketEffect.CloseSocket()).build())) {
            failure(ask(fake), Failure.Cut.class, Blame.NODE_OR_NETWORK);
        }
    }

    @Test
    void aConnectionCutBeforeTheHeadInHttp2IsCut() throws Exception {
        try (var fake = answeringInHttp2(_ -> {})) {
            failure(ask(fake), Failure.Cut.class, Blame.NODE_OR_NETWORK);
        }
    }

    @Test
    void aStreamResetIsCut() throws Exception {
        try (var fake = answeringInHttp2(connection -> {
            connection.write(frame(RST_STREAM, 0, FIRST_STREAM, new byte[] {0, 0, 0, 2}));
            connection.stall();
        })) {
            failure(ask(fake), Failure.Cut.class, Blame.NODE_OR_NETWORK);
        }
    }

    @Test
    void aConnectionShutDownInOrderIsCut() throws Exception {
        try (var fake = answeringInHttp2(connection -> {
            connection.write(frame(GO_AWAY, 0, 0, new byte[8]));
            connection.stall();
        })) {
            failure(ask(fake), Failure.Cut.class, Blame.NODE_OR_NETWORK);
        }
    }

    @Test
    void aNodeThatHangsUpAtOnceIsCut() throws Exception {
        try (var fake = FakeStorageNode.beforeTls(_ -> {})) {
            assertThat(failure(ask(fake), Failure.Cut.class, Blame.NODE_OR_NETWORK)
                            .phase())
                    .isEqualTo(Phase.SECURE);
        }
    }

    @Test
    void aNodeThatListensNoMoreIsUnreachable() throws Exception {
        FakeStorageNode gone;
        try (var fake = FakeStorageNode.beforeTls(_ -> {})) {
            gone = fake;
        }
        var unreachable = failure(ask(gone), Failure.Unreachable.class, Blame.NODE_OR_NETWORK);
        assertThat(unreachable.obstacle()).isEqualTo(Failure.Obstacle.REFUSED);
    }

    // ---------------------------------------------------------------- heads

    @Test
    void headersWithoutAnEndAreTooLarge() throws Exception {
        try (var fake = answering(connection -> {
            connection.write("HTTP/1.1 200 OK\r\n");
            connection.writeEndlessly(
                    "X-Filler: %s\r\n".formatted("x".repeat(1000)).getBytes());
        })) {
            failure(ask(fake), Failure.TooLarge.class, Blame.NODE);
        }
    }

    @Test
    void aHeaderWithoutAnEndIsTooLarge() throws Exception {
        var question = Question.bcs("v1/blobs/x/metadata", 1 << 20, true); // room for more than the library's own bound
        try (var fake = answering(connection -> {
            connection.write("HTTP/1.1 200 OK\r\nX: ");
            connection.writeEndlessly("x".repeat(1000).getBytes());
        })) {
            var large = failure(ask(fake, PATIENT, question), Failure.TooLarge.class, Blame.NODE);
            assertThat(large.part()).isEqualTo(Failure.Part.HEAD);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_2", "HTTP_1_1"})
    void aLargeHeadIsTooLarge(Protocol protocol) throws Exception {
        var question = Question.bcs("v1/blobs/x/metadata", 1 << 20, true);
        try (var fake = FakeStorageNode.speaking(protocol, _ -> {
            var answer = ok(new byte[1 << 20]);
            for (int i = 0; i < 100; i++) {
                answer.addHeader("X-Filler-" + i, "x".repeat(1000));
            }
            return answer.build();
        })) {
            var large = failure(ask(fake, PATIENT, question), Failure.TooLarge.class, Blame.NODE);
            assertThat(large.part()).isEqualTo(Failure.Part.HEAD);
        }
    }

    @Test
    void headersWithoutAnEndInHttp2AreTooLarge() throws Exception {
        try (var fake = answeringInHttp2(connection -> {
            // A block that goes on in CONTINUATION frames, each of which repeats ":status: 200".
            byte[] block = new byte[16_000];
            Arrays.fill(block, (byte) 0x88);
            connection.write(frame(HEADERS, 0, FIRST_STREAM, block));
            connection.writeEndlessly(frame(CONTINUATION, 0, FIRST_STREAM, block));
        })) {
            failure(ask(fake), Failure.TooLarge.class, Blame.NODE);
        }
    }

    @Test
    void framesThatCarryNothingAreCounted() throws Exception {
        try (var fake = answeringInHttp2(connection -> connection.writeEndlessly(frame(PING, 0, 0, new byte[8])))) {
            var large = failure(ask(fake), Failure.TooLarge.class, Blame.NODE);
            assertThat(large.part()).isEqualTo(Failure.Part.CONNECTION);
        }
    }

    /** OkHttp queues a reply to each: what a large question allows in bytes would be hundreds of megabytes of them. */
    @Test
    void framesThatCarryNothingAreNotReadForTheSakeOfALargeBody() throws Exception {
        var question = Question.bcs("v1/blobs/x/slivers/0/primary", 40 << 20, true);
        try (var fake = answeringInHttp2(connection -> connection.writeEndlessly(frame(PING, 0, 0, new byte[8])))) {
            var outcome = ask(fake, HASTY_FOR_HEAD, question);
            failure(outcome, Failure.TooLate.class, Blame.NODE_OR_NETWORK);
            assertThat(outcome.traffic().wireBytes()).isLessThan(1 << 20);
        }
    }

    @Test
    void chunksThatCarryNothingAreNotReadForTheSakeOfALargeBody() throws Exception {
        var question = Question.bcs("v1/blobs/x/slivers/0/primary", 40 << 20, true);
        try (var fake = answering(connection -> {
            connection.write(head(200, Map.of("Transfer-Encoding", "chunked")));
            connection.writeEndlessly(
                    "1;%s\r\nx\r\n".formatted("x".repeat(4000)).getBytes());
        })) {
            var outcome = ask(fake, PATIENT, question);
            var large = failure(outcome, Failure.TooLarge.class, Blame.NODE);
            assertThat(large.part()).isEqualTo(Failure.Part.CONNECTION);
            assertThat(outcome.traffic().wireBytes()).isLessThan(1 << 20);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_2", "HTTP_1_1"})
    void aLargeBodyIsReadAtThePaceOfItsReader(Protocol protocol) throws Exception {
        byte[] body = new byte[20 << 20];
        new SecureRandom().nextBytes(body);
        var question = Question.bcs("v1/blobs/x/slivers/0/primary", body.length, true);
        try (var fake = FakeStorageNode.speaking(protocol, _ -> ok(body).build())) {
            assertThat(ask(fake, PATIENT, question))
                    .asInstanceOf(type(Outcome.Answered.class))
                    .satisfies(answered -> assertThat(answered.value()).isEqualTo(body));
        }
    }

    @Test
    void interimAnswersWithoutAnEndDoNotHoldUs() throws Exception {
        try (var fake =
                answering(connection -> connection.writeEndlessly("HTTP/1.1 103 Early Hints\r\n\r\n".getBytes()))) {
            Outcome.Failed<?> failed = failed(ask(fake, HASTY_FOR_HEAD, QUESTION));
            assertThat(failed.blame()).isIn(Blame.NODE, Blame.NODE_OR_NETWORK);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.9\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 -01 x\r\n\r\n", // trips the library
                "Too many open files\r\n\r\n",
                "unreachable\r\n\r\n",
                "expected 1 bytes but received 2\r\n\r\n",
                "header byte count limit of 1 exceeded\r\n\r\n",
                "HTTP/9.9 200 OK\r\n\r\n",
                "\r\n\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n : x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
            })
    void whatIsNoHttpIsGarbledOrCut(String answer) throws Exception {
        try (var fake = answering(connection -> connection.write(answer))) {
            Outcome.Failed<?> failed = failed(ask(fake));
            assertThat(failed.failure()).isInstanceOfAny(Failure.Garbled.class, Failure.Cut.class);
            assertThat(failed.blame()).isEqualTo(Blame.NODE_OR_NETWORK);
        }
    }

    @Test
    void anAnswerThatTripsItsJudgeIsNotOurs() throws Exception {
        try (var fake = FakeStorageNode.speaking(Protocol.HTTP_2, _ -> ok(BODY).build())) {
            var outcome = new NodeClient(SETTINGS).ask(fake.node(), QUESTION, _ -> {
                throw new IllegalStateException("tripped\r\n" + "x".repeat(1000));
            });
            var garbled = failure(outcome, Failure.Garbled.class, Blame.NODE_OR_NETWORK);
            assertThat(garbled.phase()).isEqualTo(Phase.BODY);
            assertThat(garbled.cause()).contains("tripped").doesNotContain("\r").hasSizeLessThan(300);
        }
    }

    /** As whoever stands in the way could write them: a name is all that an unpinned node has. */
    @Test
    void whatACertificateSaysIsNotTakenForTheSystemsWord() throws Exception {
        HeldCertificate root =
                FakeStorageNode.certificate().certificateAuthority(0).build();
        HeldCertificate leaf = new HeldCertificate.Builder()
                .ecdsa256()
                .signedBy(root)
                .commonName("Too many open files")
                .addSubjectAlternativeName("elsewhere.test")
                .build();
        var trusted = new HandshakeCertificates.Builder()
                .addTrustedCertificate(root.certificate())
                .build();
        var http = Exchange.client()
                .newBuilder()
                .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager())
                .build();
        try (var fake = FakeStorageNode.speaking(Protocol.HTTP_2, leaf, _ -> ok(BODY).build())) {
            var client = new NodeClient(SETTINGS.withResolver(_ -> List.of(InetAddress.ofLiteral("127.0.0.1"))), http);
            var outcome = client.ask(fake.node("localhost:" + fake.port(), Optional.empty()), QUESTION);
            failure(outcome, Failure.NotAuthenticated.class, Blame.NODE_OR_NETWORK);
        }
    }

    // ---------------------------------------------------------------- statuses

    @ParameterizedTest
    @CsvSource({"301", "302", "303", "307", "308", "300"})
    void aRedirectIsNotFollowed(int status) throws Exception {
        var elsewhere = new AtomicInteger();
        try (var other = FakeStorageNode.beforeTls(_ -> elsewhere.incrementAndGet());
                var fake = FakeStorageNode.speaking(
                        Protocol.HTTP_2,
                        _ -> new MockResponse.Builder()
                                .code(status)
                                .addHeader("Location", "https://127.0.0.1:%d/x".formatted(other.port()))
                                .build())) {
            var redirected = failure(ask(fake), Failure.Redirected.class, Blame.NODE);
            assertThat(redirected.status()).isEqualTo(status);
            assertThat(redirected.location()).isEqualTo("https://127.0.0.1:%d/x".formatted(other.port()));
            assertThat(elsewhere).hasValue(0);
            assertThat(fake.requests).hasSize(1);
        }
    }

    private static String error(int code, String reason) {
        return """
                {"error":{"code":%d,"status":"S","message":"m","details":[
                  {"@type":"ErrorInfo","reason":"%s","domain":"storage.walrus.space","metadata":{}},
                  {"@type":"DebugInfo","stackEntries":[],"detail":"TraceID: 7"}]}}""".formatted(code, reason);
    }

    @ParameterizedTest
    @CsvSource({
        "404, SLIVER_NOT_FOUND,   NOT_FOUND,       NODE",
        "451, FORBIDDEN_BLOB,     BLOCKED,         POLICY",
        "400, SHARD_NOT_ASSIGNED, NOT_RESPONSIBLE, CHAIN",
        "400, MISSING_SLIVERS,    MISSING_SLIVERS, NODE",
        "400, WHAT_ELSE,          NOT_UNDERSTOOD,  NODE_OR_NETWORK",
        "500, INTERNAL_ERROR,     BROKEN,          NODE_OR_NETWORK",
    })
    void aRefusalIsToldByItsReason(int status, String reason, Refusal refusal, Blame blame) throws Exception {
        try (var fake = FakeStorageNode.speaking(
                Protocol.HTTP_2,
                _ -> new MockResponse.Builder()
                        .code(status)
                        .addHeader("Content-Type", "application/json")
                        .body(error(status, reason))
                        .build())) {
            var outcome = ask(fake);
            var refused = failure(outcome, Failure.Refused.class, blame);
            assertThat(refused.refusal()).isEqualTo(refusal);
            assertThat(refused.status()).isEqualTo(status);
            assertThat(refused.error()).contains(new NodeError("storage.walrus.space", reason, "m"));
            assertThat(outcome.traffic().status()).contains(status);
        }
    }

    /** OkHttp would act on each of these by itself. */
    @ParameterizedTest
    @CsvSource({"401", "407", "408", "421", "429", "503"})
    void theClientAsksOnceWhateverTheStatus(int status) throws Exception {
        try (var fake = FakeStorageNode.speaking(
                Protocol.HTTP_1_1,
                _ -> new MockResponse.Builder()
                        .code(status)
                        .addHeader("Retry-After", "0")
                        .addHeader("WWW-Authenticate", "Basic realm=x")
                        .build())) {
            assertThat(failure(ask(fake), Failure.Refused.class, Blame.NODE_OR_NETWORK)
                            .status())
                    .isEqualTo(status);
            assertThat(fake.requests).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"429", "503"})
    void aBusyNodeSaysWhenToComeBack(int status) throws Exception {
        try (var fake = FakeStorageNode.speaking(
                Protocol.HTTP_2,
                _ -> new MockResponse.Builder()
                        .code(status)
                        .addHeader("Retry-After", "17")
                        .build())) {
            var refused = failure(ask(fake), Failure.Refused.class, Blame.NODE_OR_NETWORK);
            assertThat(refused.refusal()).isEqualTo(Refusal.BUSY);
            assertThat(refused.retryAfter()).contains(Duration.ofSeconds(17));
        }
    }

    @Test
    void aPageOfAProxyIsARefusalWithoutReason() throws Exception {
        try (var fake = FakeStorageNode.speaking(
                Protocol.HTTP_2,
                _ -> new MockResponse.Builder()
                        .code(502)
                        .addHeader("Content-Type", "text/html")
                        .body("<html><h1>Bad gateway</h1></html>")
                        .build())) {
            var refused = failure(ask(fake), Failure.Refused.class, Blame.NODE_OR_NETWORK);
            assertThat(refused.refusal()).isEqualTo(Refusal.BROKEN);
            assertThat(refused.error()).isEmpty();
        }
    }

    @Test
    void aPageInsteadOfAnAnswerIsOfWrongForm() throws Exception {
        try (var fake = FakeStorageNode.speaking(
                Protocol.HTTP_2,
                _ -> ok(BODY).addHeader("Content-Type", "text/html; charset=utf-8")
                        .build())) {
            var wrong = failure(ask(fake), Failure.WrongForm.class, Blame.NODE);
            assertThat(wrong.cause()).contains("text/html");
        }
    }

    @Test
    void whatTheNodeSaysIsShortenedAndHarmlessToTerminals() throws Exception {
        String message = "\\u001b[31mred\\r\\nforged=line " + "x".repeat(5000);
        try (var fake = FakeStorageNode.speaking(
                Protocol.HTTP_2,
                _ -> new MockResponse.Builder()
                        .code(400)
                        .body("{\"error\":{\"message\":\"%s\"}}".formatted(message))
                        .build())) {
            var refused = failure(ask(fake), Failure.Refused.class, Blame.NODE_OR_NETWORK);
            assertThat(refused.error().orElseThrow().message())
                    .hasSizeLessThan(300)
                    .doesNotContain("\u001b", "\r", "\n");
        }
    }

    // ---------------------------------------------------------------- what is in a body

    @Test
    void aCompressedAnswerIsNotExpanded() throws Exception {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[20 << 20]);
        }
        try (var fake = FakeStorageNode.speaking(
                Protocol.HTTP_1_1,
                _ -> ok(packed.toByteArray())
                        .addHeader("Content-Encoding", "gzip")
                        .addHeader("Content-Type", "application/json")
                        .build())) {
            var outcome = ask(fake, PATIENT, Question.json("v1/health", 256 << 10));
            assertThat(failure(outcome, Failure.WrongForm.class, Blame.NODE).cause())
                    .contains("gzip");
            assertThat(outcome.traffic().bodyBytes()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"success\":{}}",
                "{\"success\":{\"data\":null}}",
                "{\"success\":{\"data\":{}}}",
                "{\"success\":{\"data\":\"kept\"}}",
                "{\"success\":{\"data\":\"stored\"}} trailing",
                "{\"success\":{\"data\":\"stored\"},\"success\":{\"data\":\"nonexistent\"}}",
                "{\"error\":{\"code\":404}}",
                "<html></html>",
            })
    void jsonOfAnotherShapeIsOfWrongForm(String body) throws Exception {
        assertThat(statusOf(body)).satisfies(outcome -> failure(outcome, Failure.WrongForm.class, Blame.NODE));
    }

    @Test
    void jsonThatIsTooDeepIsOfWrongForm() throws Exception {
        failure(statusOf("[".repeat(10_000)), Failure.WrongForm.class, Blame.NODE);
        failure(statusOf("{\"success\":".repeat(1_000)), Failure.WrongForm.class, Blame.NODE);
    }

    @Test
    void jsonThatIsTooLargeIsNotRead() throws Exception {
        failure(statusOf(" ".repeat(20 << 10)), Failure.TooLarge.class, Blame.NODE);
    }

    private static Outcome<StoredStatus> statusOf(String body) throws Exception {
        try (var fake = FakeStorageNode.speaking(
                Protocol.HTTP_2,
                _ -> new MockResponse.Builder()
                        .addHeader("Content-Type", "application/json")
                        .body(body)
                        .build())) {
            return new NodeClient(SETTINGS).metadataStatus(fake.node(), new BlobId(new byte[32]));
        }
    }

    // ---------------------------------------------------------------- who it is

    @Test
    void anotherKeyIsNotTheNode() throws Exception {
        HeldCertificate other = FakeStorageNode.certificate().build();
        try (var fake = FakeStorageNode.speaking(Protocol.HTTP_2, other, _ -> ok(BODY).build())) {
            var key = FakeStorageNode.keyOf(FakeStorageNode.CERTIFICATE);
            var outcome =
                    new NodeClient(SETTINGS).ask(fake.node("127.0.0.1:" + fake.port(), Optional.of(key)), QUESTION);
            var wrong = failure(outcome, Failure.WrongKey.class, Blame.NODE_OR_NETWORK);
            assertThat(outcome.traffic().pinned()).isFalse();
            assertThat(wrong.serverName()).isEqualTo(NetworkKey.of(key).serverName());
            assertThat(wrong.expected()).isEqualTo(key.toString());
            assertThat(wrong.actual())
                    .isEqualTo(
                            HexFormat.of().formatHex(other.keyPair().getPublic().getEncoded()));
            assertThat(fake.requests).isEmpty();
        }
    }

    /** As behind one proxy: neither a connection nor a session of TLS nor a verdict on a key is passed on. */
    @Test
    void twoNodesAtOneAddressAreToldApartByTheirKeys() throws Exception {
        try (var fake = FakeStorageNode.speaking(Protocol.HTTP_2, _ -> ok(BODY).build())) {
            var client = new NodeClient(SETTINGS);
            StorageNode right = sibling(fake, 1);
            var wrong = new StorageNode(
                    SuiAddress.parse("0x2"),
                    right.networkAddress(),
                    Optional.of(
                            FakeStorageNode.keyOf(FakeStorageNode.certificate().build())),
                    right.signingKey());
            for (int i = 0; i < 3; i++) {
                assertThat(inTime(PATIENT, () -> client.ask(right, QUESTION))).isInstanceOf(Outcome.Answered.class);
                failure(
                        inTime(PATIENT, () -> client.ask(wrong, QUESTION)),
                        Failure.WrongKey.class,
                        Blame.NODE_OR_NETWORK);
            }
            assertThat(fake.requests).hasSize(3);
        }
    }

    @Test
    void aKeyOfAnotherKindIsNotTheNode() throws Exception {
        HeldCertificate rsa = new HeldCertificate.Builder().rsa2048().build();
        try (var fake = FakeStorageNode.speaking(Protocol.HTTP_2, rsa, _ -> ok(BODY).build())) {
            var key = FakeStorageNode.keyOf(FakeStorageNode.CERTIFICATE);
            var outcome =
                    new NodeClient(SETTINGS).ask(fake.node("127.0.0.1:" + fake.port(), Optional.of(key)), QUESTION);
            assertThat(failed(outcome).failure())
                    .isInstanceOfAny(Failure.WrongKey.class, Failure.NotAuthenticated.class);
            assertThat(fake.requests).isEmpty();
        }
    }

    @Test
    void anExpiredCertificateWithTheRightKeyIsTheNode() throws Exception {
        HeldCertificate expired =
                FakeStorageNode.expired(FakeStorageNode.certificate()).build();
        try (var fake = FakeStorageNode.speaking(Protocol.HTTP_2, expired, _ -> ok(BODY).build())) {
            assertThat(ask(fake)).isInstanceOf(Outcome.Answered.class);
        }
    }

    @Test
    void anExpiredCertificateWithAnotherKeyIsNotTheNode() throws Exception {
        HeldCertificate expired =
                FakeStorageNode.expired(FakeStorageNode.certificate()).build();
        try (var fake = FakeStorageNode.speaking(Protocol.HTTP_2, expired, _ -> ok(BODY).build())) {
            var key = FakeStorageNode.keyOf(FakeStorageNode.CERTIFICATE);
            var outcome =
                    new NodeClient(SETTINGS).ask(fake.node("127.0.0.1:" + fake.port(), Optional.of(key)), QUESTION);
            failure(outcome, Failure.WrongKey.class, Blame.NODE_OR_NETWORK);
        }
    }

    @Test
    void tlsOfVersionTwoWillDoWithEllipticCurvesAndAuthenticatedCiphers() throws Exception {
        try (var fake = FakeStorageNode.withinTls(
                Protocol.HTTP_1_1, tls -> tls.setProtocols(new String[] {"TLSv1.2"}), connection -> {
                    connection.readHead();
                    connection.write(head(200, Map.of("Content-Length", "1000")));
                    connection.write(BODY);
                    connection.stall();
                })) {
            assertThat(ask(fake)).isInstanceOf(Outcome.Answered.class);
        }
    }

    @Test
    void tlsWithLesserCiphersWillNotDo() throws Exception {
        try (var fake = FakeStorageNode.withinTls(
                Protocol.HTTP_1_1,
                tls -> {
                    tls.setProtocols(new String[] {"TLSv1.2"});
                    tls.setCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});
                },
                FakeStorageNode.Connection::stall)) {
            failure(ask(fake), Failure.NotAuthenticated.class, Blame.NODE_OR_NETWORK);
        }
    }

    @ParameterizedTest
    @CsvSource({"false, localhost, true", "false, elsewhere.test, false", "true, localhost, false"})
    void withoutAKeyNameAndDatesCount(boolean expired, String name, boolean accepted) throws Exception {
        HeldCertificate root =
                FakeStorageNode.certificate().certificateAuthority(0).build();
        var builder = new HeldCertificate.Builder().ecdsa256().signedBy(root).addSubjectAlternativeName(name);
        HeldCertificate leaf = (expired ? FakeStorageNode.expired(builder) : builder).build();
        var trusted = new HandshakeCertificates.Builder()
                .addTrustedCertificate(root.certificate())
                .build();
        var http = Exchange.client()
                .newBuilder()
                .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager())
                .build();
        try (var fake = FakeStorageNode.speaking(Protocol.HTTP_2, leaf, _ -> ok(BODY).build())) {
            var client = new NodeClient(SETTINGS.withResolver(_ -> List.of(InetAddress.ofLiteral("127.0.0.1"))), http);
            var outcome = client.ask(fake.node("localhost:" + fake.port(), Optional.empty()), QUESTION);
            if (accepted) {
                assertThat(outcome).isInstanceOf(Outcome.Answered.class);
            } else {
                failure(outcome, Failure.NotAuthenticated.class, Blame.NODE_OR_NETWORK);
            }
        }
    }

    @Test
    void withoutAKeyTheWebsAuthoritiesMustVouch() throws Exception {
        try (var fake = FakeStorageNode.speaking(Protocol.HTTP_2, _ -> ok(BODY).build())) {
            var outcome =
                    new NodeClient(SETTINGS).ask(fake.node("127.0.0.1:" + fake.port(), Optional.empty()), QUESTION);
            failure(outcome, Failure.NotAuthenticated.class, Blame.NODE_OR_NETWORK);
            assertThat(outcome.traffic().pinned()).isFalse();
            assertThat(fake.requests).isEmpty();
        }
    }

    @Test
    void garbageInsteadOfTlsIsNotTheNode() throws Exception {
        byte[] noise = new byte[4096];
        new SecureRandom().nextBytes(noise);
        noise[0] = 'H'; // whatever follows, no TLS record begins so
        try (var fake = FakeStorageNode.beforeTls(connection -> {
            connection.write(noise);
            connection.stall();
        })) {
            failure(ask(fake), Failure.NotAuthenticated.class, Blame.NODE_OR_NETWORK);
        }
    }

    @Test
    void plainHttpInsteadOfTlsIsNotTheNode() throws Exception {
        try (var fake = FakeStorageNode.beforeTls(
                connection -> connection.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"))) {
            failure(ask(fake), Failure.NotAuthenticated.class, Blame.NODE_OR_NETWORK);
        }
    }

    // ---------------------------------------------------------------- where it leads

    private static StorageNode at(FakeStorageNode fake, String host) {
        return fake.node(host + ":" + fake.port(), fake.node().networkKey());
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, true", "[::1], true", "localhost, false", "127.1, false"})
    void aPrivateAddressIsNotConnectedTo(String host, boolean literal) throws Exception {
        var connections = new AtomicInteger();
        try (var fake = FakeStorageNode.beforeTls(_ -> connections.incrementAndGet())) {
            var client = new NodeClient(SETTINGS.withAddresses(AddressPolicy.publicOnly()));
            var outcome = client.ask(at(fake, host), QUESTION);
            Outcome.Failed<?> failed = failed(outcome);
            assertThat(failed.failure()).isInstanceOf(Failure.AddressRefused.class);
            if (literal) {
                assertThat(failed.blame()).isEqualTo(Blame.NODE);
            }
            assertThat(connections).hasValue(0);
        }
    }

    @Test
    void aNameThatLeadsToAPrivateAddressIsNotConnectedTo() throws Exception {
        var connections = new AtomicInteger();
        try (var fake = FakeStorageNode.beforeTls(_ -> connections.incrementAndGet())) {
            var client = new NodeClient(SETTINGS.withAddresses(AddressPolicy.publicOnly())
                    .withResolver(_ -> List.of(InetAddress.getLoopbackAddress())));
            var refused = failure(
                    client.ask(at(fake, "node.test"), QUESTION), Failure.AddressRefused.class, Blame.NODE_OR_NETWORK);
            assertThat(refused.host()).isEqualTo("node.test");
            assertThat(refused.range()).isEqualTo("127.0.0.0/8 (loopback)");
            assertThat(connections).hasValue(0);
        }
    }

    @Test
    void aNameThatLeadsElsewhereTheSecondTimeIsVettedAgain() throws Exception {
        var lookUps = new AtomicInteger();
        var connections = new Semaphore(0);
        try (var fake = FakeStorageNode.beforeTls(_ -> connections.release())) {
            // 127.0.0.1 plays the public address, 127.0.0.2 the one inside.
            var client = new NodeClient(SETTINGS.withResolver(
                    _ -> List.of(InetAddress.ofLiteral(lookUps.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2"))));
            assertThat(failed(client.ask(at(fake, "node.test"), QUESTION)).failure())
                    .isInstanceOfAny(Failure.Cut.class, Failure.NotAuthenticated.class);
            connections.acquire();

            var refused = failure(
                    client.ask(at(fake, "node.test"), QUESTION), Failure.AddressRefused.class, Blame.NODE_OR_NETWORK);
            assertThat(refused.address().getHostAddress()).isEqualTo("127.0.0.2");
            assertThat(connections.availablePermits()).isZero();
        }
    }

    /** The first to be asked leaves what it does not take of its time to the last. */
    @Test
    void theLastOfSeveralAddressesHasAllTheTimeThatIsLeft() throws Exception {
        var limits = new Limits(Duration.ofSeconds(2), LONG, LONG, 0, LONG);
        var waiting = new ArrayList<SocketChannel>();
        try (var full = new ServerSocket()) {
            full.bind(new InetSocketAddress("127.0.0.1", 0), 1);
            for (int i = 0; i < 16; i++) { // more than the queue takes
                var channel = SocketChannel.open();
                waiting.add(channel);
                channel.configureBlocking(false);
                channel.connect(full.getLocalSocketAddress());
            }
            try (var fake = FakeStorageNode.beforeTls(_ -> {})) {
                var client = new NodeClient(
                        SETTINGS.withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.0/8"))
                                .withLimits(limits)
                                .withResolver(_ -> List.of(
                                        InetAddress.ofLiteral("127.0.0.3"), // nobody listens
                                        InetAddress.ofLiteral("127.0.0.1"))));
                var node = fake.node(
                        "node.test:" + full.getLocalPort(), fake.node().networkKey());
                var outcome = inTime(limits, () -> client.ask(node, QUESTION));
                var late = failure(outcome, Failure.TooLate.class, Blame.NODE_OR_NETWORK);
                assertThat(late.deadline()).isEqualTo(limits.connect());
                assertThat(outcome.traffic().total()).isGreaterThanOrEqualTo(limits.connect());
            }
        } finally {
            for (var each : waiting) {
                each.close();
            }
        }
    }

    @Test
    void noProxyOfTheSystemStandsBetween() throws Exception {
        var connections = new AtomicInteger();
        try (var proxy = FakeStorageNode.beforeTls(_ -> connections.incrementAndGet());
                var fake = FakeStorageNode.speaking(Protocol.HTTP_2, _ -> ok(BODY).build())) {
            System.setProperty("socksProxyHost", "127.0.0.1");
            System.setProperty("socksProxyPort", String.valueOf(proxy.port()));
            System.setProperty("socksNonProxyHosts", "");
            assertThat(ask(fake)).isInstanceOf(Outcome.Answered.class);
            assertThat(connections).hasValue(0);
        } finally {
            System.clearProperty("socksProxyHost");
            System.clearProperty("socksProxyPort");
            System.clearProperty("socksNonProxyHosts");
        }
    }

    @Test
    void ofSeveralAddressesThoseAreTriedThatMayBe() throws Exception {
        try (var fake = FakeStorageNode.speaking(Protocol.HTTP_2, _ -> ok(BODY).build())) {
            var client = new NodeClient(
                    SETTINGS.withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.1/32", "127.0.0.3/32"))
                            .withResolver(_ -> List.of(
                                    InetAddress.ofLiteral("10.1.2.3"), // not allowed
                                    InetAddress.ofLiteral("127.0.0.3"), // nobody listens
                                    InetAddress.ofLiteral("127.0.0.1"))));
            assertThat(client.ask(at(fake, "node.test"), QUESTION)).isInstanceOf(Outcome.Answered.class);
        }
    }

    @Test
    void aNameThatNobodyKnowsIsUnknown() throws Exception {
        try (var fake = FakeStorageNode.beforeTls(_ -> {})) {
            var client = new NodeClient(SETTINGS.withResolver(host -> {
                throw new UnknownHostException(host);
            }));
            failure(client.ask(at(fake, "node.test"), QUESTION), Failure.NameUnknown.class, Blame.NODE_OR_NETWORK);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host:0", "host/path", "user@host", "host\r\nHost: other"})
    void aRecordThatIsNoAddressIsTheNodes(String address) throws Exception {
        try (var fake = FakeStorageNode.beforeTls(_ -> {})) {
            var outcome =
                    new NodeClient(SETTINGS).ask(fake.node(address, fake.node().networkKey()), QUESTION);
            failure(outcome, Failure.UnusableRecord.class, Blame.NODE);
        }
    }

    // ---------------------------------------------------------------- our own side

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptEndsTheExchange(boolean virtual) throws Exception {
        var asked = new CountDownLatch(1);
        var hungUp = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        try (var fake = answering(connection -> {
            asked.countDown();
            try {
                connection.stall();
            } finally {
                hungUp.countDown();
            }
        })) {
            Thread.Builder thread = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
            Thread asking = thread.start(() -> {
                try {
                    ask(fake);
                } catch (InterruptedException _) {
                    interrupted.countDown();
                }
            });
            asked.await();
            asking.interrupt();
            interrupted.await();
            hungUp.await();
            asking.join();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_2", "HTTP_1_1"})
    void noMoreExchangesThanAllowedAreAtANode(Protocol protocol) throws Exception {
        int bound = 3;
        int calls = 12;
        var present = new AtomicInteger();
        var most = new AtomicInteger();
        var full = new CountDownLatch(bound);
        try (var fake = FakeStorageNode.speaking(protocol, _ -> {
                    most.accumulateAndGet(present.incrementAndGet(), Math::max);
                    full.countDown();
                    full.await(); // the first answers come when as many as allowed have asked
                    present.decrementAndGet();
                    return ok(BODY).build();
                });
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var client = new NodeClient(SETTINGS.withRoom(bound, 1 << 20, LONG));
            var asking = threads.invokeAll(Collections.nCopies(calls, () -> client.ask(fake.node(), QUESTION)));
            for (var each : asking) {
                assertThat(each.get()).isInstanceOf(Outcome.Answered.class);
            }
            assertThat(fake.requests).hasSize(calls);
            assertThat(most).hasValue(bound);
        }
    }

    private static final int LARGE_BYTES = 1 << 20;
    private static final Question LARGE_QUESTION = Question.bcs("v1/blobs/x/slivers/0/primary", LARGE_BYTES, true);

    private static StorageNode sibling(FakeStorageNode fake, int id) {
        StorageNode node = fake.node();
        return new StorageNode(
                SuiAddress.parse("0x" + id), node.networkAddress(), node.networkKey(), node.signingKey());
    }

    @Test
    void bodiesInFlightAreBoundedOverAllNodes() throws Exception {
        var asked = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        try (var slow = FakeStorageNode.speaking(Protocol.HTTP_2, _ -> {
                    asked.countDown();
                    release.await();
                    return ok(new byte[LARGE_BYTES]).build();
                });
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var client = new NodeClient(SETTINGS.withRoom(4, 2 * LARGE_BYTES - 1, Duration.ofMillis(100)));
            var first = threads.submit(() -> client.ask(slow.node(), LARGE_QUESTION));
            asked.await();
            var other = sibling(slow, 2);
            failure(client.ask(other, LARGE_QUESTION), Failure.Crowded.class, Blame.PROBER);
            release.countDown();
            assertThat(first.get()).isInstanceOf(Outcome.Answered.class);
            assertThat(client.ask(other, LARGE_QUESTION)).isInstanceOf(Outcome.Answered.class);
        }
    }

    @Test
    void aNodeThatStallsHoldsAQuarterOfTheRoomAtMost() throws Exception {
        var asked = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        try (var stalling = FakeStorageNode.speaking(Protocol.HTTP_2, _ -> {
                    asked.countDown();
                    release.await();
                    return ok(new byte[LARGE_BYTES]).build();
                });
                var honest = FakeStorageNode.speaking(
                        Protocol.HTTP_2, _ -> ok(new byte[LARGE_BYTES]).build());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var client = new NodeClient(SETTINGS.withRoom(4, 4 * LARGE_BYTES, Duration.ofMillis(500)));
            var first = threads.submit(() -> client.ask(stalling.node(), LARGE_QUESTION));
            asked.await();
            Callable<Outcome<byte[]>> again = () -> client.ask(stalling.node(), LARGE_QUESTION);
            for (var each : threads.invokeAll(Collections.nCopies(3, again))) {
                failure(each.get(), Failure.Crowded.class, Blame.PROBER);
            }
            assertThat(client.ask(sibling(honest, 2), LARGE_QUESTION)).isInstanceOf(Outcome.Answered.class);
            release.countDown();
            assertThat(first.get()).isInstanceOf(Outcome.Answered.class);
        }
    }

    @Test
    void aSmallQuestionDoesNotWaitForLargeOnes() throws Exception {
        var asked = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        try (var stalling = FakeStorageNode.speaking(Protocol.HTTP_2, _ -> {
                    asked.countDown();
                    release.await();
                    return ok(new byte[LARGE_BYTES]).build();
                });
                var honest = FakeStorageNode.speaking(Protocol.HTTP_2, _ -> ok(BODY).build());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var client = new NodeClient(SETTINGS.withRoom(4, LARGE_BYTES, Duration.ofMillis(100)));
            var first = threads.submit(() -> client.ask(stalling.node(), LARGE_QUESTION));
            asked.await();
            assertThat(client.ask(sibling(honest, 2), QUESTION)).isInstanceOf(Outcome.Answered.class);
            assertThat(first.isDone()).isFalse();
            release.countDown();
            assertThat(first.get()).isInstanceOf(Outcome.Answered.class);
        }
    }

    @Test
    void anAnswerThatNoRoomCanHoldIsTheCallersFault() throws Exception {
        try (var fake = FakeStorageNode.beforeTls(_ -> {})) {
            var client = new NodeClient(SETTINGS.withRoom(4, LARGE_BYTES - 1, LONG));
            assertThatThrownBy(() -> client.ask(fake.node(), LARGE_QUESTION))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aQuestionThatFindsNoRoomInTimeIsOurs() throws Exception {
        var asked = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        try (var fake = FakeStorageNode.speaking(Protocol.HTTP_2, _ -> {
                    asked.countDown();
                    release.await();
                    return ok(BODY).build();
                });
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var client = new NodeClient(SETTINGS.withRoom(1, 1 << 20, Duration.ofMillis(100)));
            var first = threads.submit(() -> client.ask(fake.node(), QUESTION));
            asked.await();
            failure(client.ask(fake.node(), QUESTION), Failure.Crowded.class, Blame.PROBER);
            release.countDown();
            assertThat(first.get()).isInstanceOf(Outcome.Answered.class);
        }
    }
}
