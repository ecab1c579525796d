package dev.vibrissa.redstuff;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What storage nodes may answer, and what is to be said about it. */
class VerdictVectorsTest {
    private static final Map<String, JsonNode> ENCODINGS = Vectors.cases("index.json")
            .collect(Collectors.toMap(each -> each.get("id").asText(), each -> each));

    private static Stream<Arguments> named(String file) {
        return Vectors.cases(file).map(each -> Arguments.of(each.get("id").asText(), each));
    }

    static Stream<Arguments> metadataCases() {
        return named("metadata-cases.json");
    }

    static Stream<Arguments> corrupted() {
        return named("corrupted.json");
    }

    static Stream<Arguments> recoverySymbols() {
        return named("recovery-symbols.json");
    }

    static Stream<Arguments> inconsistent() {
        return named("inconsistent.json");
    }

    private static JsonNode encodingOf(JsonNode vector) {
        return Objects.requireNonNull(ENCODINGS.get(vector.get("baseCase").asText()));
    }

    private static SliverType type(JsonNode name) {
        return SliverType.valueOf(name.asText().toUpperCase(Locale.ROOT));
    }

    private static VerifiedMetadata metadataOf(JsonNode encoding) {
        var config = new EncodingConfig(encoding.get("nShards").asInt());
        var metadata =
                BlobMetadata.decode(Vectors.bytes(encoding.get("metadataFile").asText()));
        return accepted(VerifiedMetadata.verify(
                config, BlobId.parse(encoding.get("blobId").asText()), metadata));
    }

    private static VerifiedMetadata accepted(MetadataVerdict verdict) {
        assertThat(verdict).isInstanceOf(MetadataVerdict.Accepted.class);
        return ((MetadataVerdict.Accepted) verdict).metadata();
    }

    private static byte[] blobOf(JsonNode encoding) {
        return Vectors.content(encoding.get("content"), encoding.get("blobSize").asInt());
    }

    private static byte[][] slivers(SliverType type, EncodingConfig config, byte[] blob) {
        int symbolBytes = config.symbolBytes(blob.length);
        byte[][] slivers = new byte[config.shards()][(int) config.sliverBytes(type, symbolBytes)];
        new BlobEncoder(config).encode(MemorySegment.ofArray(blob), (each, index, offset, bytes, from, length) -> {
            if (each == type) {
                System.arraycopy(bytes, from, slivers[index], (int) offset, length);
            }
        });
        return slivers;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("metadataCases")
    void metadata(String id, JsonNode vector) {
        var verdict = VerifiedMetadata.verify(
                new EncodingConfig(vector.get("nShards").asInt()),
                BlobId.parse(vector.get("requestedBlobId").asText()),
                Vectors.bytes(vector.get("file").asText()));
        String said = switch (verdict) {
            case MetadataVerdict.Accepted _ -> "OK";
            case MetadataVerdict.Refused refused -> refused.reason().name();
        };
        assertThat(said).isEqualTo(vector.get("expect").asText());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("corrupted")
    void slivers(String id, JsonNode vector) {
        var verdict = metadataOf(encodingOf(vector))
                .verifySliver(
                        type(vector.get("type")),
                        vector.get("requestedPairIndex").asInt(),
                        Vectors.bytes(vector.get("file").asText()));
        String said = switch (verdict) {
            case SliverVerdict.Accepted _ -> "OK";
            case SliverVerdict.Refused refused -> refused.reason().name();
        };
        assertThat(said).isEqualTo(vector.get("expect").asText());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recoverySymbols")
    void symbolsAreMadeAndJudged(String id, JsonNode vector) {
        JsonNode encoding = encodingOf(vector);
        VerifiedMetadata metadata = metadataOf(encoding);
        EncodingConfig config = metadata.config();
        SliverType sourceType = type(vector.get("sourceAxis"));
        int source = vector.get("sourceSliverIndex").asInt();
        byte[] data = slivers(sourceType, config, blobOf(encoding))[source];
        var made = new ExpandedSliver(config, new Sliver(sourceType, source, metadata.symbolBytes(), data))
                .recoverySymbol(vector.get("targetSliverIndex").asInt());
        byte[] bcs = Base64.getDecoder()
                .decode(vector.get("generalRecoverySymbolBcs").asText());
        assertThat(made.encode()).isEqualTo(bcs);
        assertThat(made.id()).isEqualTo(vector.get("symbolId").asText());
        assertThat(HexFormat.of().formatHex(made.data()))
                .isEqualTo(vector.get("symbol").asText());
        assertThat(RecoverySymbol.decode(bcs)).isEqualTo(made);
        assertThat(metadata.verify(made)).isEqualTo(SymbolVerdict.ACCEPTED);
        var corrupted = RecoverySymbol.decode(
                Base64.getDecoder().decode(vector.get("corruptedBcs").asText()));
        assertThat(metadata.verify(corrupted)).isEqualTo(SymbolVerdict.MERKLE_ROOT_MISMATCH);
        // What is true of this symbol is not true of its neighbour.
        var elsewhere = new RecoverySymbol(
                made.type(), made.source(), (made.target() + 1) % config.shards(), made.data(), made.proof());
        assertThat(metadata.verify(elsewhere)).isEqualTo(SymbolVerdict.MERKLE_ROOT_MISMATCH);
        var shorter = new MerklePath(
                made.proof().siblings().subList(1, made.proof().siblings().size()));
        assertThat(metadata.verify(new RecoverySymbol(made.type(), made.source(), made.target(), made.data(), shorter)))
                .isEqualTo(SymbolVerdict.PROOF_LENGTH_MISMATCH);
    }

    /** Every sliver can be recovered from symbols of any slivers that cross it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("recoverySymbols")
    void sliversAreRecoveredFromSymbols(String id, JsonNode vector) {
        JsonNode encoding = encodingOf(vector);
        VerifiedMetadata metadata = metadataOf(encoding);
        EncodingConfig config = metadata.config();
        SliverType sourceType = type(vector.get("sourceAxis"));
        int target = vector.get("targetSliverIndex").asInt();
        byte[][] sources = slivers(sourceType, config, blobOf(encoding));
        SliverType type = sourceType.other();
        List<RecoverySymbol> symbols = new ArrayList<>(IntStream.range(
                        config.shards() - config.symbolsIn(type), config.shards())
                .mapToObj(i -> new ExpandedSliver(config, new Sliver(sourceType, i, metadata.symbolBytes(), sources[i]))
                        .recoverySymbol(target))
                .toList());
        var verdict = metadata.recover(type, target, symbols);
        assertThat(verdict).isInstanceOf(SliverVerdict.Accepted.class);
        assertThat(((SliverVerdict.Accepted) verdict).sliver().data())
                .isEqualTo(slivers(type, config, blobOf(encoding))[target]);
        // The very same symbols prove nothing against an honest blob.
        assertThat(new InconsistencyProof(type, target, symbols).verify(metadata))
                .isEqualTo(InconsistencyProof.Verdict.CONSISTENT);
        assertThat(new InconsistencyProof(type, target, symbols.subList(1, symbols.size())).verify(metadata))
                .isEqualTo(InconsistencyProof.Verdict.WRONG_SYMBOL_COUNT);
        symbols.set(0, symbols.get(1));
        assertThat(new InconsistencyProof(type, target, symbols).verify(metadata))
                .isEqualTo(InconsistencyProof.Verdict.REPEATED_SYMBOL);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inconsistent")
    void inconsistentBlobsAreFoundOut(String id, JsonNode vector) {
        JsonNode encoding = encodingOf(vector);
        JsonNode expect = vector.get("expect");
        var config = new EncodingConfig(vector.get("nShards").asInt());
        VerifiedMetadata metadata = accepted(VerifiedMetadata.verify(
                config,
                BlobId.parse(vector.get("blobId").asText()),
                BlobMetadata.decode(Vectors.bytes(vector.get("metadataFile").asText()))));
        SliverType tamperedType = type(vector.get("tamperedAxis"));
        int tampered = vector.get("tamperedSliverIndex").asInt();
        byte[] blob = blobOf(encoding);
        for (SliverType type : SliverType.values()) {
            byte[][] slivers = slivers(type, config, blob);
            for (int i = 0; i < slivers.length; i++) {
                boolean expected = type == tamperedType && i == tampered
                        ? expect.get("originalSliverOfTamperedIndexVerifies").asBoolean()
                        : expect.get("otherSliversVerify").asBoolean();
                boolean verifies = metadata.verify(new Sliver(type, i, metadata.symbolBytes(), slivers[i]))
                        instanceof SliverVerdict.Accepted;
                assertThat(verifies).isEqualTo(expected);
            }
        }
        byte[][] primary = slivers(SliverType.PRIMARY, config, blob);
        List<Sliver> others = IntStream.range(0, config.shards())
                .filter(i -> tamperedType != SliverType.PRIMARY || i != tampered)
                .mapToObj(i -> new Sliver(SliverType.PRIMARY, i, metadata.symbolBytes(), primary[i]))
                .limit(config.primarySymbols())
                .toList();
        byte[] decoded = new byte[blob.length];
        new BlobDecoder(config).decode(others, MemorySegment.ofArray(decoded));
        assertThat(Vectors.sha256(decoded))
                .isEqualTo(expect.get("decodedContentSha256").asText());
        var verified = new BitSet();
        others.forEach(sliver -> verified.set(sliver.index()));
        assertThat(ConsistencyCheck.DEFAULT.holds(metadata, MemorySegment.ofArray(decoded), verified, 1))
                .isEqualTo(expect.get("defaultCheckPassesWhenDecodedFromOtherPrimarySlivers")
                        .asBoolean());
        assertThat(ConsistencyCheck.STRICT.holds(metadata, MemorySegment.ofArray(decoded), verified, 1))
                .isEqualTo(expect.get("strictCheckPasses").asBoolean());
        byte[] proofBytes = Vectors.bytes(vector.get("proofFile").asText());
        var proof = InconsistencyProof.decode(type(vector.get("proofType")), proofBytes);
        assertThat(proof.encode()).isEqualTo(proofBytes);
        assertThat(proof.verify(metadata) == InconsistencyProof.Verdict.PROVEN)
                .isEqualTo(expect.get("inconsistencyProofVerifies").asBoolean());
        assertThat(proof.verify(metadataOf(encoding)) == InconsistencyProof.Verdict.PROVEN)
                .isEqualTo(expect.get("inconsistencyProofVerifiesAgainstUntamperedMetadata")
                        .asBoolean());
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void sizes(JsonNode vector) {
        var config = new EncodingConfig(vector.get("nShards").asInt());
        assertThat(config.maxBlobBytes()).isEqualTo(vector.get("maxBlobSize").asLong());
        if (vector.get("symbolSize").isNull()) {
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> config.symbolBytes(vector.get("blobSize").asLong()))
                    .isInstanceOf(IllegalArgumentException.class);
            return;
        }
        assertThat(config.symbolBytes(vector.get("blobSize").asLong()))
                .isEqualTo(vector.get("symbolSize").asInt());
        assertThat(config.encodedBytes(vector.get("blobSize").asLong()))
                .isEqualTo(vector.get("encodedSize").asLong());
    }

    static Stream<JsonNode> sizes() {
        return Vectors.cases("sizes.json");
    }
}
