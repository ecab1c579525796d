package dev.vibrissa.devnet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.proof.Bls;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.protocol.walrus.status.BlobStatus;
import dev.vibrissa.protocol.walrus.status.EventId;
import dev.vibrissa.redstuff.BlobMetadata;
import dev.vibrissa.redstuff.ExpandedSliver;
import dev.vibrissa.redstuff.InconsistencyProof;
import dev.vibrissa.redstuff.MerkleNode;
import dev.vibrissa.redstuff.RecoverySymbol;
import dev.vibrissa.redstuff.SliverPairMetadata;
import dev.vibrissa.redstuff.SliverType;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The node HTTP API beyond what the verifier asks, by an ordinary client, which checks the host name. */
@Timeout(60)
class NodeHttpTest {
    private TestNetwork network;
    private HttpClient http;
    private EncodedBlob blob;
    private String path;

    @BeforeEach
    void start(@TempDir Path folder) {
        network = new TestNetwork(folder, 10, 2);
        var trust = new HandshakeCertificates.Builder();
        network.nodes.forEach(node ->
                trust.addTrustedCertificate(node.identity().certificate().certificate()));
        http = HttpClient.newBuilder().sslContext(trust.build().sslContext()).build();
        blob = network.encoded(21, 3000);
        path = "/v1/blobs/" + blob.blobId();
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        network.close();
    }

    private HttpRequest.Builder request(int node, String target) {
        return HttpRequest.newBuilder(
                URI.create("https://" + network.nodes.get(node).networkAddress() + target));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(int node, String target) throws Exception {
        return send(request(node, target));
    }

    private HttpResponse<byte[]> put(int node, String target, byte[] body) throws Exception {
        return send(request(node, target)
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofByteArray(body)));
    }

    private static JsonObject json(HttpResponse<byte[]> response) {
        return new JsonObject(new String(response.body(), StandardCharsets.UTF_8));
    }

    private static void assertRefused(HttpResponse<byte[]> response, int code, String status, String reason) {
        assertThat(response.statusCode()).isEqualTo(code);
        JsonObject error = json(response).getJsonObject("error");
        assertThat(error.getInteger("code")).isEqualTo(code);
        assertThat(error.getString("status")).isEqualTo(status);
        JsonObject info = error.getJsonArray("details").getJsonObject(0);
        assertThat(info.getString("@type")).isEqualTo("ErrorInfo");
        assertThat(info.getString("reason")).isEqualTo(reason);
        assertThat(info.getString("domain")).isEqualTo("storage.walrus.space");
    }

    private String sliverPath(int pair, String type) {
        return "%s/slivers/%d/%s".formatted(path, pair, type);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void bothVersionsOfHttpAreSpoken(HttpClient.Version version) throws Exception {
        HttpResponse<byte[]> health = send(request(0, "/v1/health").version(version));
        assertThat(health.version()).isEqualTo(version);
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(json(health).getJsonObject("success").getInteger("code")).isEqualTo(200);
    }

    @Test
    void aBlobIsUploadedAndThenConfirmed() throws Exception {
        network.register(blob.blobId());
        byte[] metadata = blob.metadata().metadata().encode();
        for (int node = 0; node < 2; node++) {
            assertThat(put(node, path + "/metadata", metadata).statusCode()).isEqualTo(201);
            assertThat(put(node, path + "/metadata", metadata).statusCode()).isEqualTo(200);
        }
        for (int pair = 0; pair < network.config.shards(); pair++) {
            int holder = network.holderOf(blob.blobId(), pair);
            for (SliverType type : SliverType.values()) {
                String target = sliverPath(pair, type == SliverType.PRIMARY ? "primary" : "secondary");
                byte[] sliver = blob.sliver(type, pair).encode();
                assertThat(put(holder, target, sliver).statusCode()).isEqualTo(201);
                assertThat(put(holder, target, sliver).statusCode()).isEqualTo(200);
                assertThat(get(holder, target).body()).isEqualTo(sliver);
            }
        }
        for (int node = 0; node < 2; node++) {
            assertThat(get(node, path + "/confirmation/permanent").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void uploadsBeforeTheRegistrationAreBufferedIfPending() throws Exception {
        byte[] metadata = blob.metadata().metadata().encode();
        assertRefused(put(0, path + "/metadata", metadata), 400, "FAILED_PRECONDITION", "NOT_REGISTERED");
        assertThat(put(0, path + "/metadata?pending=true", metadata).statusCode())
                .isEqualTo(202);
        assertThat(json(get(0, path + "/metadata/status"))
                        .getJsonObject("success")
                        .getString("data"))
                .isEqualTo("buffered");
        assertRefused(get(0, path + "/metadata"), 404, "NOT_FOUND", "METADATA_NOT_FOUND");
        network.register(blob.blobId());
        assertThat(get(0, path + "/metadata").statusCode()).isEqualTo(200);
    }

    @Test
    void badUploadsAreRefused() throws Exception {
        network.register(blob.blobId());
        int pair = 4;
        int holder = network.holderOf(blob.blobId(), pair);
        byte[] metadata = blob.metadata().metadata().encode();
        byte[] sliver = blob.sliver(SliverType.PRIMARY, pair).encode();
        String target = sliverPath(pair, "primary");
        assertRefused(put(holder, target, sliver), 400, "FAILED_PRECONDITION", "METADATA_NOT_FOUND");
        assertRefused(put(holder, path + "/metadata", new byte[] {0, 1}), 400, "INVALID_ARGUMENT", "INVALID_METADATA");
        byte[] old = metadata.clone();
        old[1] = 0;
        assertRefused(put(holder, path + "/metadata", old), 400, "INVALID_ARGUMENT", "UNSUPPORTED_ENCODING_TYPE");
        byte[] other = metadata.clone();
        other[40] ^= 1;
        assertRefused(put(holder, path + "/metadata", other), 400, "INVALID_ARGUMENT", "INVALID_METADATA");
        put(holder, path + "/metadata", metadata);
        byte[] corrupt = sliver.clone();
        corrupt[20] ^= 1;
        assertRefused(put(holder, target, corrupt), 400, "INVALID_ARGUMENT", "INVALID_SLIVER");
        byte[] neighbour = blob.sliver(SliverType.PRIMARY, pair + 1).encode();
        assertRefused(put(holder, target, neighbour), 400, "INVALID_ARGUMENT", "SLIVER_INDEX_MISMATCH");
        assertRefused(put(1 - holder, path + "/metadata", new byte[0]), 400, "INVALID_ARGUMENT", "INVALID_METADATA");
        put(1 - holder, path + "/metadata", metadata);
        assertRefused(put(1 - holder, target, sliver), 400, "INVALID_ARGUMENT", "SHARD_NOT_ASSIGNED");
        assertRefused(put(holder, target, new byte[500_000]), 400, "INVALID_ARGUMENT", "SLIVER_TOO_LARGE");
        assertRefused(
                send(request(holder, target)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofByteArray(sliver))),
                400,
                "INVALID_ARGUMENT",
                "INVALID_CONTENT_TYPE");
        network.statuses.put(
                blob.blobId(),
                new BlobStatus.Invalid(new EventId(new dev.vibrissa.protocol.sui.Digest(TestNetwork.filled(1)), 0)));
        assertRefused(put(holder, target, sliver), 400, "FAILED_PRECONDITION", "INVALID_BLOB");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            slivers/10/primary                                  | 400 | INDEX_OUT_OF_RANGE
            slivers/65535/secondary                             | 400 | INDEX_OUT_OF_RANGE
            recoverySymbols                                     | 400 | NO_SYMBOLS_SPECIFIED
            recoverySymbols?proofAxis=primary                   | 400 | NO_SYMBOLS_SPECIFIED
            recoverySymbols?targetSliver=3                      | 400 | INVALID_FILTER
            recoverySymbols?id=1-2&targetSliver=3&targetType=primary | 400 | INVALID_FILTER
            recoverySymbols?targetSliver=3&targetType=primary&proofAxis=primary | 400 | INVALID_FILTER
            recoverySymbols?id=1-10                             | 400 | INDEX_OUT_OF_RANGE
            recoverySymbols?targetSliver=10&targetType=primary  | 400 | INDEX_OUT_OF_RANGE
            decodingSymbols?targetType=primary                  | 400 | NO_TARGET_SLIVERS_SPECIFIED
            decodingSymbols?targetSlivers=4&targetType=primary  | 400 | RECOVERY_SYMBOL_OUT_OF_RANGE
            decodingSymbols?targetSlivers=7&targetType=secondary | 400 | RECOVERY_SYMBOL_OUT_OF_RANGE
            """, delimiter = '|')
    void questionsThatCannotBeAnsweredAreExplained(String question, int code, String reason) throws Exception {
        network.register(blob.blobId());
        network.nodes.forEach(node -> node.store(blob));
        assertRefused(get(0, path + "/" + question), code, "INVALID_ARGUMENT", reason);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/blobs/abc/metadata",
        "/v1/blobs/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB/metadata",
        "/v1/blobs/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/slivers/65536/primary",
        "/v1/blobs/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/slivers/1/tertiary",
        "/v1/blobs/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/recoverySymbols?id=1",
        "/v1/blobs/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/confirmation/deletable/12",
        "/v1/health?detailed=maybe"
    })
    void whatCannotBeReadIsRefusedInPlainText(String target) throws Exception {
        HttpResponse<byte[]> response = get(0, target);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
    }

    @Test
    void allSymbolsOfANodeForASliverAreProven() throws Exception {
        network.register(blob.blobId());
        network.nodes.forEach(node -> node.store(blob));
        var symbols = new ArrayList<RecoverySymbol>();
        for (int node = 0; node < 2; node++) {
            HttpResponse<byte[]> response = get(node, path + "/recoverySymbols?targetSliver=5&targetType=secondary");
            symbols.addAll(RecoverySymbol.decodeList(response.body()));
        }
        assertThat(symbols).hasSize(10).allSatisfy(symbol -> {
            assertThat(symbol.type()).isEqualTo(SliverType.SECONDARY);
            assertThat(symbol.target()).isEqualTo(5);
            assertThat(blob.metadata().verify(symbol)).hasToString("ACCEPTED");
        });
    }

    @Test
    void symbolsWithoutAnAxisComeFromWhicheverSliverIsThere() throws Exception {
        network.register(blob.blobId());
        network.nodes.forEach(node -> node.store(blob));
        List<RecoverySymbol> symbols = RecoverySymbol.decodeList(
                get(0, path + "/recoverySymbols?id=3-7&id=4-7&id=5-7").body());
        assertThat(symbols).isNotEmpty().allSatisfy(symbol -> {
            assertThat(symbol.id()).endsWith("-7");
            assertThat(blob.metadata().verify(symbol)).hasToString("ACCEPTED");
        });
    }

    @Test
    void decodingSymbolsAreAMapFromTargets() throws Exception {
        network.register(blob.blobId());
        network.nodes.forEach(node -> node.store(blob));
        var expected = new BcsWriter().uleb(2);
        int[] sources = IntStream.range(0, 10)
                .filter(pair -> network.holderOf(blob.blobId(), pair) == 0)
                .toArray();
        for (int target : List.of(1, 3)) {
            expected.u16(target).uleb(sources.length);
            for (int pair : sources) {
                var column = blob.sliver(SliverType.SECONDARY, pair);
                expected.u8(0).u16(column.index()).bytes(new ExpandedSliver(network.config, column).symbol(target));
            }
        }
        HttpResponse<byte[]> response =
                get(0, path + "/decodingSymbols?targetSlivers=3&targetSlivers=1&targetType=primary");
        assertThat(response.body()).isEqualTo(expected.toByteArray());
    }

    @Test
    void aConfirmationWaitsForTheRegistration() throws Exception {
        network.nodes.getFirst().store(blob);
        network.statusAsked = new CountDownLatch(2); // by then it has been asked again
        var waiting = http.sendAsync(
                request(0, path + "/confirmation/permanent?wait_for_registration=true&wait_millis=5000")
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(network.statusAsked.await(20, TimeUnit.SECONDS)).isTrue();
        network.register(blob.blobId());
        assertThat(waiting.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void aConfirmationWaitsNoLongerThanAsked() throws Exception {
        long start = System.nanoTime();
        assertRefused(
                get(0, path + "/confirmation/permanent?wait_for_registration=true&wait_millis=300"),
                400,
                "FAILED_PRECONDITION",
                "NOT_REGISTERED");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void anInconsistentBlobIsAttestedOnProof() throws Exception {
        int target = 2;
        var hashes = new ArrayList<>(blob.metadata().metadata().hashes());
        hashes.set(
                target,
                new SliverPairMetadata(
                        new MerkleNode.Digest(TestNetwork.filled(0x13)),
                        hashes.get(target).secondary()));
        var metadata = new BlobMetadata(3000, hashes);
        var inconsistent = new BlobId(metadata.blobId().toByteArray());
        String base = "/v1/blobs/" + inconsistent;
        network.register(inconsistent);
        List<RecoverySymbol> symbols = IntStream.range(0, network.config.secondarySymbols())
                .mapToObj(pair -> new ExpandedSliver(network.config, blob.sliver(SliverType.SECONDARY, pair))
                        .recoverySymbol(target))
                .toList();
        byte[] proof = new InconsistencyProof(SliverType.PRIMARY, target, symbols).encode();
        var post = request(0, base + "/inconsistencyProof/primary").POST(BodyPublishers.ofByteArray(proof));
        assertRefused(send(post), 400, "FAILED_PRECONDITION", "METADATA_NOT_FOUND");
        assertThat(put(0, base + "/metadata", metadata.encode()).statusCode()).isEqualTo(201);
        JsonObject signed = json(send(post)).getJsonObject("success").getJsonObject("data");
        byte[] message = Base64.getDecoder().decode(signed.getString("serializedMessage"));
        assertThat(message).isEqualTo(new CertificateMessage.BlobInvalid(TestNetwork.EPOCH, inconsistent).encode());
        var bls = ((Bls.Availability.Available) Bls.loadForNodes()).bls();
        byte[] key = network.nodes.getFirst().identity().publicKey().toByteArray();
        assertThat(bls.decode(List.of(Bytes.of(key)))
                        .faultOf(
                                Bytes.of(Base64.getDecoder().decode(signed.getString("signature"))),
                                message,
                                new int[] {0}))
                .isEmpty();
    }

    @Test
    void aProofAgainstASoundBlobIsRefused() throws Exception {
        network.register(blob.blobId());
        network.nodes.forEach(node -> node.store(blob));
        List<RecoverySymbol> symbols = IntStream.range(0, network.config.secondarySymbols())
                .mapToObj(pair ->
                        new ExpandedSliver(network.config, blob.sliver(SliverType.SECONDARY, pair)).recoverySymbol(2))
                .toList();
        byte[] proof = new InconsistencyProof(SliverType.PRIMARY, 2, symbols).encode();
        assertRefused(
                send(request(0, path + "/inconsistencyProof/primary").POST(BodyPublishers.ofByteArray(proof))),
                400,
                "INVALID_ARGUMENT",
                "INVALID_PROOF");
        assertRefused(
                send(request(0, path + "/inconsistencyProof/primary").POST(BodyPublishers.ofByteArray(new byte[3]))),
                400,
                "INVALID_ARGUMENT",
                "INVALID_PROOF");
    }

    @Test
    void aDamagedDiskIsAnInternalError() throws Exception {
        network.register(blob.blobId());
        network.nodes.forEach(node -> node.store(blob));
        int holder = network.holderOf(blob.blobId(), 4);
        try (var file = FileChannel.open(network.fileOf(holder, blob.blobId()), StandardOpenOption.WRITE)) {
            file.truncate(900); // within the first sliver, behind the metadata
        }
        HttpResponse<byte[]> response = get(holder, sliverPath(4, "primary"));
        assertThat(response.statusCode()).isEqualTo(500);
        var details = json(response).getJsonObject("error").getJsonArray("details");
        assertThat(details.getJsonObject(0).getString("domain")).isEqualTo("global");
        assertThat(details.getJsonObject(0).getString("reason")).isEqualTo("INTERNAL_ERROR");
        assertThat(details.getJsonObject(1).getString("@type")).isEqualTo("DebugInfo");
        assertThat(get(holder, path + "/metadata").statusCode()).isEqualTo(200);
    }

    @Test
    void browsersMayReadFromAnywhere() throws Exception {
        HttpResponse<byte[]> response = send(request(0, "/v1/api").header("Origin", "https://example.org"));
        assertThat(response.headers().firstValue("access-control-allow-origin")).hasValue("*");
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("simulated network");
    }
}
