package dev.vibrissa.verifier.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.BlobMetadata;
import dev.vibrissa.redstuff.MerklePath;
import dev.vibrissa.redstuff.RecoverySymbol;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.VerifiedMetadata;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import mockwebserver3.MockResponse;
import okhttp3.Protocol;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node answers is believed if it leads to the blob id, and is what was asked for. */
@Timeout(60)
class ProvenAnswersTest {
    private static final EncodedBlob BLOB = new EncodedBlob(7, 5000);
    private static final EncodedBlob OTHER = new EncodedBlob(8, 5000);
    private static final int PAIR = 2;

    private static final NodeClient CLIENT = new NodeClient(NodeClientSettings.of(URI.create("https://example.org/"))
            .withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.1/32")));

    @FunctionalInterface
    private interface Asking<T> {
        Outcome<T> ask(StorageNode node) throws InterruptedException;
    }

    private static <T> Outcome<T> answered(byte[] body, String target, Asking<T> asking) throws Exception {
        try (var fake = FakeStorageNode.speaking(
                Protocol.HTTP_2,
                _ -> new MockResponse.Builder()
                        .addHeader("Content-Type", "application/octet-stream")
                        .body(new Buffer().write(body))
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

    private static <D extends Disproof> D disproof(Outcome<?> outcome, Class<D> as) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        var failed = (Outcome.Failed<?>) outcome;
        assertThat(failed.failure()).isInstanceOf(Failure.Disproven.class);
        assertThat(failed.blame()).isEqualTo(Blame.NODE);
        Disproof disproof = ((Failure.Disproven) failed.failure()).disproof();
        assertThat(disproof).isInstanceOf(as);
        return as.cast(disproof);
    }

    // ---------------------------------------------------------------- metadata

    private static Outcome<VerifiedMetadata> metadata(byte[] body) throws Exception {
        return ofMetadata(BLOB.id, body);
    }

    private static Outcome<VerifiedMetadata> ofMetadata(BlobId id, byte[] body) throws Exception {
        return answered(
                body, "/v1/blobs/%s/metadata".formatted(id), node -> CLIENT.metadata(node, EncodedBlob.CONFIG, id));
    }

    @Test
    void metadataThatLeadsToTheBlobIdIsTaken() throws Exception {
        assertThat(value(metadata(BLOB.metadataBody)).metadata()).isEqualTo(BLOB.metadata.metadata());
    }

    @Test
    void metadataOfAnotherBlobIsRefused() throws Exception {
        assertThat(disproof(metadata(OTHER.metadataBody), Disproof.OtherBlob.class))
                .isEqualTo(new Disproof.OtherBlob(BLOB.id, OTHER.id));
    }

    @Test
    void metadataOfAnotherBlobUnderThisIdIsRefused() throws Exception {
        byte[] forged = OTHER.metadataBody.clone();
        System.arraycopy(BLOB.id.toByteArray(), 0, forged, 0, 32);
        disproof(metadata(forged), Disproof.NotProven.class);
    }

    @Test
    void metadataThatItsWriterMadeImpossibleIsNotTheNodesFault() throws Exception {
        var honest = BLOB.metadata.metadata();
        var hashes = honest.hashes();
        for (BlobMetadata each : List.of(
                new BlobMetadata(honest.unencodedBytes(), hashes.subList(0, 9)),
                new BlobMetadata(honest.unencodedBytes(), List.of()),
                new BlobMetadata(-1, hashes))) {
            byte[] committed = each.blobId().toByteArray();
            var outcome = ofMetadata(new BlobId(committed), EncodedBlob.joined(committed, each.encode()));
            assertThat(outcome).isInstanceOf(Outcome.Failed.class);
            var failed = (Outcome.Failed<?>) outcome;
            assertThat(failed.failure())
                    .asInstanceOf(type(Failure.Disproven.class))
                    .extracting(Failure.Disproven::disproof)
                    .isInstanceOf(Disproof.Impossible.class);
            assertThat(failed.blame()).isEqualTo(Blame.CLIENT);

            // No blob id commits to it: then the node made it up.
            disproof(metadata(EncodedBlob.joined(BLOB.id.toByteArray(), each.encode())), Disproof.NotProven.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 32, 33, 42, 43, 100, -1})
    void metadataWithAFlippedBitIsRefused(int at) throws Exception {
        byte[] flipped = BLOB.metadataBody.clone();
        flipped[Math.floorMod(at, flipped.length)] ^= 1;
        assertThat(metadata(flipped)).isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void metadataOfAnotherLengthIsRefused() throws Exception {
        int bytes = BLOB.metadataBody.length;
        assertThat(metadata(Arrays.copyOf(BLOB.metadataBody, bytes - 1)))
                .satisfies(outcome -> assertThat(((Outcome.Failed<?>) outcome).failure())
                        .isEqualTo(new Failure.WrongLength(bytes, bytes - 1)));
        assertThat(metadata(Arrays.copyOf(BLOB.metadataBody, bytes + 1)))
                .satisfies(outcome -> assertThat(((Outcome.Failed<?>) outcome).failure())
                        .isEqualTo(new Failure.TooLarge(Failure.Part.BODY, bytes, bytes + 1)));
    }

    // ---------------------------------------------------------------- slivers

    private static Outcome<Sliver> sliver(SliverType type, byte[] body) throws Exception {
        return answered(
                body,
                "/v1/blobs/%s/slivers/%d/%s"
                        .formatted(BLOB.id, PAIR, type == SliverType.PRIMARY ? "primary" : "secondary"),
                node -> CLIENT.sliver(node, BLOB.metadata, PAIR, type));
    }

    @ParameterizedTest
    @EnumSource
    void theSliverOfThePairIsTaken(SliverType type) throws Exception {
        Sliver kept = BLOB.sliver(type, PAIR);
        assertThat(value(sliver(type, kept.encode()))).isEqualTo(kept);
    }

    @ParameterizedTest
    @EnumSource
    void anotherSliverOfTheBlobIsRefusedThoughItIsTrue(SliverType type) throws Exception {
        disproof(sliver(type, BLOB.sliver(type, PAIR + 1).encode()), Disproof.NotAsked.class);
    }

    @Test
    void anotherSliverUnderTheRightIndexIsRefused() throws Exception {
        Sliver other = BLOB.sliver(SliverType.PRIMARY, PAIR + 1);
        var dressed = new Sliver(SliverType.PRIMARY, PAIR, other.symbolBytes(), other.data());
        disproof(sliver(SliverType.PRIMARY, dressed.encode()), Disproof.NotProven.class);
    }

    @ParameterizedTest
    @EnumSource
    void theSliverOfAnotherBlobIsRefused(SliverType type) throws Exception {
        disproof(sliver(type, OTHER.sliver(type, PAIR).encode()), Disproof.NotProven.class);
    }

    @Test
    void noiseIsRefused() throws Exception {
        byte[] noise = new byte[BLOB.sliver(SliverType.PRIMARY, PAIR).encode().length];
        Arrays.fill(noise, (byte) 0xff);
        disproof(sliver(SliverType.PRIMARY, noise), Disproof.Malformed.class);
    }

    @Test
    void aSliverOfAnotherLengthIsNotReadToItsEnd() throws Exception {
        byte[] body = BLOB.sliver(SliverType.PRIMARY, PAIR).encode();
        assertThat(((Outcome.Failed<?>) sliver(SliverType.PRIMARY, Arrays.copyOf(body, body.length - 1))).failure())
                .isEqualTo(new Failure.WrongLength(body.length, body.length - 1));
        assertThat(((Outcome.Failed<?>) sliver(SliverType.PRIMARY, Arrays.copyOf(body, body.length + 1))).failure())
                .isEqualTo(new Failure.TooLarge(Failure.Part.BODY, body.length, body.length + 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 10})
    void aPairThatIsNoneIsTheCallersFault(int pair) throws Exception {
        try (var fake = FakeStorageNode.beforeTls(_ -> {})) {
            assertThatThrownBy(() -> CLIENT.sliver(fake.node(), BLOB.metadata, pair, SliverType.PRIMARY))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    // ---------------------------------------------------------------- recovery symbols

    private static final List<SymbolId> ASKED = List.of(new SymbolId(3, 7), new SymbolId(4, 7), new SymbolId(0, 9));

    private static Outcome<Symbols> symbols(SliverType source, List<RecoverySymbol> given) throws Exception {
        return answered(
                EncodedBlob.body(given),
                "/v1/blobs/%s/recoverySymbols?id=3-7&id=4-7&id=0-9&proofAxis=%s"
                        .formatted(BLOB.id, source == SliverType.PRIMARY ? "primary" : "secondary"),
                node -> CLIENT.recoverySymbols(node, BLOB.metadata, source, ASKED));
    }

    private static RecoverySymbol symbol(SliverType source, int primary, int secondary) {
        return BLOB.symbol(source, new SymbolId(primary, secondary));
    }

    @ParameterizedTest
    @EnumSource
    void symbolsThatWereAskedForAreTakenInAnyOrder(SliverType source) throws Exception {
        var given = List.of(symbol(source, 0, 9), symbol(source, 3, 7), symbol(source, 4, 7));
        assertThat(value(symbols(source, given))).isEqualTo(new Symbols(given, List.of()));
    }

    @ParameterizedTest
    @EnumSource
    void symbolsThatAreLeftOutAreMissing(SliverType source) throws Exception {
        var given = List.of(symbol(source, 4, 7));
        assertThat(value(symbols(source, given)))
                .isEqualTo(new Symbols(given, List.of(new SymbolId(3, 7), new SymbolId(0, 9))));
    }

    @Test
    void noSymbolAtAllIsNoAnswer() throws Exception {
        assertThat(disproof(symbols(SliverType.PRIMARY, List.of()), Disproof.NoneGiven.class))
                .isEqualTo(new Disproof.NoneGiven(ASKED.size()));
    }

    @ParameterizedTest
    @EnumSource
    void aSymbolThatWasNotAskedForIsRefused(SliverType source) throws Exception {
        disproof(symbols(source, List.of(symbol(source, 5, 5))), Disproof.NotAsked.class);
        disproof(symbols(source, List.of(symbol(source, 7, 3))), Disproof.NotAsked.class);
        disproof(symbols(source, List.of(symbol(source.other(), 3, 7))), Disproof.NotAsked.class);
    }

    @Test
    void aSymbolGivenTwiceIsRefused() throws Exception {
        var twice = symbol(SliverType.PRIMARY, 3, 7);
        disproof(symbols(SliverType.PRIMARY, List.of(twice, twice)), Disproof.NotAsked.class);
    }

    @ParameterizedTest
    @EnumSource
    void aSymbolWhoseProofFailsIsRefused(SliverType source) throws Exception {
        var honest = symbol(source, 3, 7);
        byte[] flipped = honest.data().clone();
        flipped[0] ^= 1;
        var otherData = new RecoverySymbol(honest.type(), honest.source(), honest.target(), flipped, honest.proof());
        disproof(symbols(source, List.of(otherData)), Disproof.NotProven.class);

        var ofAnotherBlob = OTHER.symbol(source, new SymbolId(3, 7));
        disproof(symbols(source, List.of(ofAnotherBlob)), Disproof.NotProven.class);

        var shortProof = new MerklePath(honest.proof().siblings().subList(0, 3));
        disproof(
                symbols(
                        source,
                        List.of(new RecoverySymbol(
                                honest.type(), honest.source(), honest.target(), honest.data(), shortProof))),
                Disproof.NotProven.class);
    }

    @Test
    void moreSymbolsThanAskedForAreNotRead() throws Exception {
        var given = List.of(
                symbol(SliverType.PRIMARY, 0, 9),
                symbol(SliverType.PRIMARY, 3, 7),
                symbol(SliverType.PRIMARY, 4, 7),
                symbol(SliverType.PRIMARY, 5, 7));
        assertThat(symbols(SliverType.PRIMARY, given))
                .satisfies(outcome ->
                        assertThat(((Outcome.Failed<?>) outcome).failure()).isInstanceOf(Failure.TooLarge.class));
    }

    @Test
    void questionsThatAreNoneAreTheCallersFault() throws Exception {
        try (var fake = FakeStorageNode.beforeTls(_ -> {})) {
            for (List<SymbolId> each : List.of(
                    List.<SymbolId>of(),
                    List.of(new SymbolId(1, 1), new SymbolId(1, 1)),
                    List.of(new SymbolId(10, 0)),
                    List.of(new SymbolId(0, -1)))) {
                assertThatThrownBy(() -> CLIENT.recoverySymbols(fake.node(), BLOB.metadata, SliverType.PRIMARY, each))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    /** That they are wrong is proven by the blob id; that the node sent them, by its key alone. */
    @Test
    void wrongBytesAreTheNodesIfItsKeyVouchesForThem() {
        var failure = new Failure.Disproven(new Disproof.NotProven("leads elsewhere"));
        assertThat(new Outcome.Failed<>(failure, Traffic.none(), Bytes.EMPTY).blame())
                .isEqualTo(Blame.NODE_OR_NETWORK);
        assertThat(failure.blame(true)).isEqualTo(Blame.NODE);
    }
}
