package dev.vibrissa.devnet.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.rpc.v2.GetCheckpointResponse;
import dev.vibrissa.rpc.v2.GetServiceInfoRequest;
import dev.vibrissa.rpc.v2.GetServiceInfoResponse;
import dev.vibrissa.rpc.v2.LedgerServiceGrpc;
import io.grpc.Status;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What else than plain gRPC comes to the port. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RpcServerTest {
    private static final String INFO = "/sui.rpc.v2.LedgerService/GetServiceInfo";
    private static final String CHECKPOINT = "/sui.rpc.v2.LedgerService/GetCheckpoint";
    private static final byte[] EMPTY_MESSAGE = new byte[5];
    private static final int FRAME_HEADER_BYTES = 5;

    private final RecordedChain chain = RecordedChain.blobLife(1_143);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private RunningServer server;

    @BeforeAll
    void start() throws Exception {
        server = RunningServer.of(chain);
    }

    @AfterAll
    void stop() throws Exception {
        http.close();
        server.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path));
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        return http.send(request(path).timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> post(String path, String contentType, byte[] body) throws Exception {
        return http.send(
                request(path)
                        .header("content-type", contentType)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    @Test
    void storesCheckpointsUnderTheirNumber() throws Exception {
        for (long number : new long[] {1_000, 1_077, 1_143}) {
            var file = get("/checkpoints/" + number + ".binpb.zst");

            assertThat(file.statusCode()).isEqualTo(200);
            assertThat(CheckpointFile.read(file.body(), "file"))
                    .isEqualTo(CheckpointFile.read(chain.checkpoint(number).orElseThrow(), "chain"));
        }
    }

    @Test
    void saysSoWhereACheckpointCannotBeRead() throws Exception {
        chain.unreadable.add(1_050L);
        try {
            assertThat(get("/checkpoints/1050.binpb.zst").statusCode()).isEqualTo(500);
        } finally {
            chain.unreadable.clear();
        }
    }

    @Test
    void doesNotFindWhatIsNotProducedYet() throws Exception {
        assertThat(get("/checkpoints/1144.binpb.zst").statusCode()).isEqualTo(404);
        assertThat(get("/checkpoints/999.binpb.zst").statusCode()).isEqualTo(404);
        assertThat(get("/checkpoints/01000.binpb.zst").statusCode()).isEqualTo(404);
        assertThat(get("/checkpoints/1000.chk").statusCode()).isEqualTo(404);
        assertThat(get("/").statusCode()).isEqualTo(404);
    }

    @Test
    void listsTheLastCheckpointsOfEpochs() throws Exception {
        var ended = chain.epochs().stream()
                .flatMap(epoch -> epoch.lastCheckpoint().stream())
                .toList();

        assertThat(new String(get("/checkpoints/epochs.json").body(), StandardCharsets.UTF_8))
                .isEqualTo(ended.toString().replace(" ", ""));
        assertThat(ended).isNotEmpty();
    }

    @Test
    void speaksGrpcWebOverHttp1() throws Exception {
        var answer = post(INFO, "application/grpc-web+proto", EMPTY_MESSAGE);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/grpc-web+proto");
        assertThat(answer.headers().firstValue("x-sui-checkpoint-height")).contains("1143");
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("*");
        assertInfo(answer.body());
    }

    @Test
    void speaksGrpcWebAsText() throws Exception {
        var answer = post(INFO, "application/grpc-web-text", Base64.getEncoder().encode(EMPTY_MESSAGE));

        assertThat(answer.headers().firstValue("content-type")).contains("application/grpc-web-text+proto");
        // Each frame is padded for itself.
        var frames = new java.io.ByteArrayOutputStream();
        for (String part : new String(answer.body(), StandardCharsets.US_ASCII).split("(?<==)(?!=)")) {
            frames.writeBytes(Base64.getDecoder().decode(part));
        }
        assertInfo(frames.toByteArray());
    }

    private static void assertInfo(byte[] frames) throws Exception {
        var in = ByteBuffer.wrap(frames);
        assertThat(in.get()).isZero();
        byte[] message = new byte[in.getInt()];
        in.get(message);
        assertThat(GetServiceInfoResponse.parseFrom(message).getCheckpointHeight())
                .isEqualTo(1_143);
        assertThat(in.get()).isEqualTo((byte) 0x80);
        byte[] trailers = new byte[in.getInt()];
        in.get(trailers);
        assertThat(new String(trailers, StandardCharsets.US_ASCII)).contains("grpc-status: 0\r\n");
        assertThat(in.hasRemaining()).isFalse();
    }

    @Test
    void answersTheBrowsersQuestionBeforeTheCall() throws Exception {
        var answer = http.send(
                request(INFO)
                        .method("OPTIONS", BodyPublishers.noBody())
                        .header("access-control-request-headers", "content-type,x-grpc-web")
                        .build(),
                BodyHandlers.discarding());

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("*");
        assertThat(answer.headers().firstValue("access-control-allow-headers")).contains("*");
    }

    @Test
    void saysInTheTrailersWhatWentWrong() throws Exception {
        byte[] number = {0, 0, 0, 0, 3, 8, (byte) 0xc8, 1}; // sequence_number: 200

        var answer = post(CHECKPOINT, "application/grpc-web", number);

        assertThat(trailers(answer.body()))
                .contains("grpc-status: 5\r\n")
                .contains("grpc-message: checkpoint%20200%20is%20not%20here")
                .contains("x-sui-lowest-available-checkpoint: 1000\r\n");
    }

    @Test
    void knowsNoOtherServices() throws Exception {
        assertThat(trailers(post("/", "application/grpc-web", EMPTY_MESSAGE).body()))
                .contains("grpc-status: 12\r\n");
        assertThat(trailers(post("/sui.rpc.v2.NoSuchService/Call", "application/grpc-web", EMPTY_MESSAGE)
                        .body()))
                .contains("grpc-status: 12\r\n");
    }

    @Test
    void refusesDamagedFrames() throws Exception {
        assertThat(trailers(post(INFO, "application/grpc-web", new byte[4]).body()))
                .contains("grpc-status: 3\r\n");
        assertThat(trailers(post(INFO, "application/grpc-web", new byte[] {0, 0, 0, 0, 9, 1})
                        .body()))
                .contains("grpc-status: 3\r\n");
        assertThat(trailers(post(INFO, "application/grpc-web", new byte[] {1, 0, 0, 0, 0})
                        .body()))
                .contains("grpc-status: 12\r\n");
        assertThat(post(INFO, "application/grpc-web", new byte[5 << 20]).statusCode())
                .isEqualTo(413);
    }

    private static String trailers(byte[] frames) {
        assertThat(frames[0]).isEqualTo((byte) 0x80);
        return new String(Arrays.copyOfRange(frames, FRAME_HEADER_BYTES, frames.length), StandardCharsets.US_ASCII);
    }

    @Test
    void asksForHttp2WherePlainGrpcComesOverLess() throws Exception {
        assertThat(post(INFO, "application/grpc", EMPTY_MESSAGE).statusCode()).isEqualTo(415);
    }

    @Test
    void keepsTheDeadlineOfItsCaller() throws Exception {
        var answer = http.send(
                request("/sui.rpc.v2.SubscriptionService/SubscribeCheckpoints")
                        .header("content-type", "application/grpc-web")
                        .header("grpc-timeout", "300m")
                        .POST(BodyPublishers.ofByteArray(EMPTY_MESSAGE))
                        .build(),
                BodyHandlers.ofByteArray());

        assertThat(trailers(answer.body())).contains("grpc-status: 4\r\n");
    }

    @Test
    void carriesUmlautsInStatusMessages() {
        assertThatThrownBy(() -> LedgerServiceGrpc.newBlockingStub(server.channel())
                        .getObject(dev.vibrissa.rpc.v2.GetObjectRequest.newBuilder()
                                .setObjectId("größer & 100 %")
                                .build()))
                .satisfies(LedgerCallsTest.is(Status.Code.INVALID_ARGUMENT, "'größer & 100 %'"));
    }

    @Test
    void refusesAPortThatIsTaken() {
        var vertx = Vertx.vertx();
        try {
            assertThatThrownBy(() -> RpcServer.start(vertx, chain, Endpoint.of("second"), "0.0.0.0", server.port()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(Integer.toString(server.port()));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @RepeatedTest(20) // the operating system lets go of a port when it pleases
    void comesBackOnTheSamePort() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var first = RpcServer.start(vertx, chain, Endpoint.of("first"), "127.0.0.1", 0);
            int port = first.port();
            first.close();
            try (var second = RpcServer.start(vertx, chain, Endpoint.of("second"), "127.0.0.1", port)) {
                assertThat(second.port()).isEqualTo(port);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void startsBeforeTheFirstCheckpoint() throws Exception {
        var fresh = RecordedChain.blobLife(999);
        try (var young = RunningServer.of(fresh)) {
            var ledger = LedgerServiceGrpc.newBlockingStub(young.channel());

            assertThat(ledger.getServiceInfo(GetServiceInfoRequest.getDefaultInstance())
                            .hasTimestamp())
                    .isFalse();
            assertThatThrownBy(
                            () -> ledger.getCheckpoint(dev.vibrissa.rpc.v2.GetCheckpointRequest.getDefaultInstance()))
                    .satisfies(LedgerCallsTest.is(Status.Code.NOT_FOUND, "checkpoint 999 is not here"));
            fresh.seal();
            GetCheckpointResponse latest =
                    ledger.getCheckpoint(dev.vibrissa.rpc.v2.GetCheckpointRequest.getDefaultInstance());
            assertThat(latest.getCheckpoint().getSequenceNumber()).isEqualTo(1_000);
        }
    }
}
