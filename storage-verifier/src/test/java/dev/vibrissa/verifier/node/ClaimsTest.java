package dev.vibrissa.verifier.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.redstuff.SliverType;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import mockwebserver3.MockResponse;
import okhttp3.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node claims, and what it signs. */
@Timeout(60)
class ClaimsTest {
    private static final BlobId BLOB = new BlobId(filled(0xb1));
    private static final BlobId OTHER_BLOB = new BlobId(filled(0xb2));
    private static final SuiAddress OBJECT = new SuiAddress(filled(0x0b));
    private static final SuiAddress OTHER_OBJECT = new SuiAddress(filled(0x0c));
    private static final long EPOCH = 21;

    private static final NodeClient CLIENT = new NodeClient(NodeClientSettings.of(URI.create("https://example.org/"))
            .withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.1/32")));

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @FunctionalInterface
    private interface Asking<T> {
        Outcome<T> ask(StorageNode node) throws InterruptedException;
    }

    private static <T> Outcome<T> answered(String data, String target, Asking<T> asking) throws Exception {
        try (var fake = FakeStorageNode.speaking(
                Protocol.HTTP_2,
                _ -> new MockResponse.Builder()
                        .addHeader("Content-Type", "application/json")
                        .body("{\"success\":{\"code\":200,\"data\":%s}}".formatted(data))
                        .build())) {
            var outcome = asking.ask(fake.node());
            assertThat(fake.requests)
                    .singleElement()
                    .satisfies(request -> assertThat(request.getTarget()).isEqualTo(target));
            return outcome;
        }
    }

    private static <T> T value(Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Answered.class);
        return ((Outcome.Answered<T>) outcome).value();
    }

    // ---------------------------------------------------------------- confirmations

    private static byte[] message(int intent, int version, int application, long epoch, BlobId blob) {
        var out = new BcsWriter().u8(intent).u8(version).u8(application).u32(epoch);
        blob.encode(out);
        return out.toByteArray();
    }

    private static byte[] permanent(long epoch, BlobId blob) {
        return plus(message(1, 0, 3, epoch, blob), (byte) 0);
    }

    private static byte[] deletable(long epoch, BlobId blob, SuiAddress object) {
        return plus(plus(message(1, 0, 3, epoch, blob), (byte) 1), object.toByteArray());
    }

    private static byte[] plus(byte[] first, byte... second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static Outcome<Confirmation> permanentConfirmation(byte[] message, byte[] signature) throws Exception {
        return answered(
                signed(message, signature),
                "/v1/blobs/%s/confirmation/permanent".formatted(BLOB),
                node -> CLIENT.permanentConfirmation(node, BLOB, EPOCH));
    }

    private static Outcome<Confirmation> deletableConfirmation(byte[] message, byte[] signature) throws Exception {
        return answered(
                signed(message, signature),
                "/v1/blobs/%s/confirmation/deletable/%s".formatted(BLOB, OBJECT),
                node -> CLIENT.deletableConfirmation(node, BLOB, OBJECT, EPOCH));
    }

    private static String signed(byte[] message, byte[] signature) {
        var base64 = Base64.getEncoder();
        return "{\"signed\":{\"serializedMessage\":\"%s\",\"signature\":\"%s\"}}"
                .formatted(base64.encodeToString(message), base64.encodeToString(signature));
    }

    private static Outcome<Confirmation> permanentConfirmation(byte[] message) throws Exception {
        return permanentConfirmation(message, TestSigner.NODE.sign(message));
    }

    private static Outcome<Confirmation> deletableConfirmation(byte[] message) throws Exception {
        return deletableConfirmation(message, TestSigner.NODE.sign(message));
    }

    private static void disproven(Outcome<?> outcome, Disproof disproof, Blame blame) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        var failed = (Outcome.Failed<?>) outcome;
        assertThat(failed.failure()).isEqualTo(new Failure.Disproven(disproof));
        assertThat(failed.blame()).isEqualTo(blame);
    }

    private static void disproven(Outcome<?> outcome, Class<? extends Disproof> disproof) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        var failed = (Outcome.Failed<?>) outcome;
        assertThat(failed.failure()).isInstanceOf(Failure.Disproven.class);
        assertThat(((Failure.Disproven) failed.failure()).disproof()).isInstanceOf(disproof);
        assertThat(failed.blame()).isEqualTo(Blame.NODE);
    }

    @Test
    void aConfirmationThatWasAskedForIsTaken() throws Exception {
        byte[] message = permanent(EPOCH, BLOB);
        byte[] signature = TestSigner.NODE.sign(message);
        assertThat(value(permanentConfirmation(message, signature)))
                .isEqualTo(new Confirmation(EPOCH, BLOB, Optional.empty(), Bytes.of(message), Bytes.of(signature)));
        assertThat(value(deletableConfirmation(deletable(EPOCH, BLOB, OBJECT))).deletableObject())
                .contains(OBJECT);
    }

    @ParameterizedTest
    @CsvSource({"20, CHAIN", "22, CHAIN", "19, NODE", "23, NODE", "0, NODE", "4294967295, NODE"})
    void aConfirmationOfAnotherEpochIsAMatterOfTheChainNextToIt(long epoch, Blame blame) throws Exception {
        disproven(permanentConfirmation(permanent(epoch, BLOB)), new Disproof.OtherEpoch(EPOCH, epoch), blame);
    }

    /** The key of the other epoch may be another one. */
    @Test
    void aConfirmationOfTheNextEpochMayBeSignedByAnotherKey() throws Exception {
        byte[] message = permanent(EPOCH + 1, BLOB);
        disproven(
                permanentConfirmation(message, TestSigner.OTHER.sign(message)),
                new Disproof.OtherEpoch(EPOCH, EPOCH + 1),
                Blame.CHAIN);
    }

    @Test
    void aConfirmationOfTheNextEpochThatNoKeySignedIsRefused() throws Exception {
        byte[] message = permanent(EPOCH + 1, BLOB);
        byte[] infinity = new byte[96];
        infinity[0] = (byte) 0xc0;
        for (byte[] each : List.of(infinity, new byte[0], new byte[96], new byte[97])) {
            disproven(permanentConfirmation(message, each), Disproof.BadSignature.class);
        }
    }

    @Test
    void aConfirmationOfAnotherBlobIsRefused() throws Exception {
        disproven(
                permanentConfirmation(permanent(EPOCH, OTHER_BLOB)),
                new Disproof.OtherBlob(BLOB, OTHER_BLOB),
                Blame.NODE);
    }

    @Test
    void aConfirmationOfTheOtherPersistenceIsRefused() throws Exception {
        disproven(
                permanentConfirmation(deletable(EPOCH, BLOB, OBJECT)),
                new Disproof.OtherPersistence("permanent", "deletable " + OBJECT),
                Blame.NODE);
        disproven(
                deletableConfirmation(permanent(EPOCH, BLOB)),
                new Disproof.OtherPersistence("deletable " + OBJECT, "permanent"),
                Blame.NODE);
    }

    @Test
    void aConfirmationOfAnotherObjectIsRefused() throws Exception {
        disproven(
                deletableConfirmation(deletable(EPOCH, BLOB, OTHER_OBJECT)),
                new Disproof.OtherPersistence("deletable " + OBJECT, "deletable " + OTHER_OBJECT),
                Blame.NODE);
    }

    @Test
    void aConfirmationWithBytesTooManyOrTooFewIsRefused() throws Exception {
        disproven(permanentConfirmation(plus(permanent(EPOCH, BLOB), (byte) 0)), Disproof.Malformed.class);
        disproven(deletableConfirmation(plus(deletable(EPOCH, BLOB, OBJECT), (byte) 0)), Disproof.Malformed.class);
        disproven(permanentConfirmation(message(1, 0, 3, EPOCH, BLOB)), Disproof.Malformed.class);
        disproven(permanentConfirmation(new byte[0]), Disproof.Malformed.class);
    }

    @Test
    void aStatementOfAnotherIntentIsRefused() throws Exception {
        disproven(permanentConfirmation(message(2, 0, 3, EPOCH, BLOB)), Disproof.OtherStatement.class);
        disproven(permanentConfirmation(plus(message(1, 1, 3, EPOCH, BLOB), (byte) 0)), Disproof.Malformed.class);
        disproven(permanentConfirmation(plus(message(1, 0, 0, EPOCH, BLOB), (byte) 0)), Disproof.Malformed.class);
        disproven(permanentConfirmation(plus(message(9, 0, 3, EPOCH, BLOB), (byte) 0)), Disproof.Malformed.class);
        disproven(permanentConfirmation(plus(message(1, 0, 3, EPOCH, BLOB), (byte) 2)), Disproof.Malformed.class);
    }

    @Test
    void aSignatureOfAnotherKeyIsRefused() throws Exception {
        byte[] message = permanent(EPOCH, BLOB);
        disproven(permanentConfirmation(message, TestSigner.OTHER.sign(message)), Disproof.BadSignature.class);
    }

    @Test
    void aSignatureOfAnotherMessageIsRefused() throws Exception {
        byte[] signature = TestSigner.NODE.sign(permanent(EPOCH - 1, BLOB));
        disproven(permanentConfirmation(permanent(EPOCH, BLOB), signature), Disproof.BadSignature.class);
    }

    @Test
    void aSignatureThatIsNoneIsRefused() throws Exception {
        byte[] message = permanent(EPOCH, BLOB);
        byte[] signature = TestSigner.NODE.sign(message);
        byte[] infinity = new byte[96];
        infinity[0] = (byte) 0xc0;
        for (byte[] each : List.of(
                infinity, new byte[0], new byte[96], Arrays.copyOf(signature, 95), Arrays.copyOf(signature, 97))) {
            disproven(permanentConfirmation(message, each), Disproof.BadSignature.class);
        }
    }

    @Test
    void aNodeWithoutAUsableKeyIsNotAsked() throws Exception {
        byte[] infinity = new byte[48];
        infinity[0] = (byte) 0xc0;
        try (var fake = FakeStorageNode.beforeTls(_ -> {})) {
            for (byte[] key : List.of(infinity, new byte[0], new byte[47], new byte[48], new byte[96])) {
                var node = new StorageNode(
                        fake.node().id(),
                        fake.node().networkAddress(),
                        fake.node().networkKey(),
                        new KeyBytes(key));
                assertThat(CLIENT.permanentConfirmation(node, BLOB, EPOCH))
                        .satisfies(outcome -> assertThat(((Outcome.Failed<?>) outcome).failure())
                                .isInstanceOf(Failure.UnusableRecord.class));
            }
        }
    }

    // ---------------------------------------------------------------- statuses and health

    @ParameterizedTest
    @CsvSource({
        "nonexistent, NONEXISTENT",
        "Nonexistent, NONEXISTENT",
        "stored,      STORED",
        "STORED,      STORED",
        "buffered,    BUFFERED",
    })
    void whatANodeSaysThatItKeepsIsRead(String word, StoredStatus status) throws Exception {
        String data = "\"%s\"".formatted(word);
        Outcome<StoredStatus> metadata = answered(
                data, "/v1/blobs/%s/metadata/status".formatted(BLOB), node -> CLIENT.metadataStatus(node, BLOB));
        Outcome<StoredStatus> sliver = answered(
                data,
                "/v1/blobs/%s/slivers/999/secondary/status".formatted(BLOB),
                node -> CLIENT.sliverStatus(node, BLOB, 999, SliverType.SECONDARY));
        assertThat(List.of(value(metadata), value(sliver))).containsOnly(status);
    }

    private static Outcome<ClaimedStatus> blobStatus(String data) throws Exception {
        return answered(data, "/v1/blobs/%s/status".formatted(BLOB), node -> CLIENT.blobStatus(node, BLOB));
    }

    @Test
    void whatANodeSaysOfTheChainIsRead() throws Exception {
        assertThat(value(blobStatus("\"nonexistent\""))).isEqualTo(new ClaimedStatus.Nonexistent());
        assertThat(value(blobStatus("{\"invalid\":{\"event\":{\"txDigest\":\"abc\",\"eventSeq\":\"7\"}}}")))
                .isEqualTo(new ClaimedStatus.Invalid(new ClaimedStatus.Event("abc", "7")));
        assertThat(value(blobStatus("""
                {"permanent":{"endEpoch":30,"isCertified":true,"statusEvent":{"txDigest":"abc","eventSeq":"7"},
                 "deletableCounts":{"count_deletable_total":2,"count_deletable_certified":1},"initialCertifiedEpoch":12}}
                """)))
                .isEqualTo(new ClaimedStatus.Permanent(
                        30,
                        true,
                        new ClaimedStatus.Event("abc", "7"),
                        new ClaimedStatus.Counts(2, 1),
                        Optional.of(12L)));
        assertThat(value(blobStatus("""
                {"deletable":{"initialCertifiedEpoch":null,
                 "deletableCounts":{"count_deletable_total":2,"count_deletable_certified":0}}}""")))
                .isEqualTo(new ClaimedStatus.Deletable(new ClaimedStatus.Counts(2, 0), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"permanent\"",
                "{}",
                "{\"tomorrow\":{}}",
                "{\"permanent\":{},\"deletable\":{}}",
                "{\"permanent\":{\"endEpoch\":\"30\"}}",
                "{\"permanent\":{\"endEpoch\":-1}}",
                "{\"permanent\":{\"endEpoch\":4294967296}}",
                "{\"permanent\":{\"endEpoch\":1e400}}",
                "{\"permanent\":{\"endEpoch\":99999999999999999999999999999999999999999999999999}}",
                "{\"deletable\":{\"deletableCounts\":[]}}",
                "[1]",
                "7",
            })
    void whatIsNoStatusIsOfWrongForm(String data) throws Exception {
        assertThat(blobStatus(data))
                .satisfies(outcome ->
                        assertThat(((Outcome.Failed<?>) outcome).failure()).isInstanceOf(Failure.WrongForm.class));
    }

    @Test
    void howANodeIsIsRead() throws Exception {
        var health = value(answered("""
                {"uptime":{"secs":3600,"nanos":5},"epoch":21,"publicKey":"abc","nodeStatus":"RecoveryInProgress (20)",
                 "eventProgress":{"persisted":100,"pending":2,"highestFinishedEventIndex":null},
                 "shardSummary":{"owned":3,"ownedShardStatus":{"unknown":0,"ready":1,"inTransfer":1,"inRecovery":1},"readOnly":1},
                 "shardDetail":{"owned":[{"shard":5,"status":"ready"}],"other":[{"shard":9,"status":"readOnly"}]},
                 "latestCheckpointSequenceNumber":238627324,"tomorrow":{"more":[]}}""", "/v1/health?detailed=true", node -> CLIENT.health(node, true)));
        assertThat(health)
                .isEqualTo(new NodeHealth(
                        Optional.of(Duration.ofHours(1)),
                        21,
                        "abc",
                        "RecoveryInProgress (20)",
                        new NodeHealth.EventProgress(100, 2, Optional.empty()),
                        new NodeHealth.ShardSummary(3, 0, 1, 1, 1, 1),
                        Optional.of(238627324L),
                        List.of(new NodeHealth.Shard(5, "ready", true), new NodeHealth.Shard(9, "readOnly", false))));
    }
}
