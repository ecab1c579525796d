package dev.vibrissa.redstuff;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole encodings, against those of the core library of Walrus. */
class EncodingVectorsTest {
    static Stream<Arguments> encodings() {
        return Vectors.cases("index.json")
                .map(each -> Arguments.of(each.get("id").asText(), each));
    }

    private static byte[] blobOf(JsonNode vector) {
        byte[] blob =
                Vectors.content(vector.get("content"), vector.get("blobSize").asInt());
        assertThat(Vectors.sha256(blob)).isEqualTo(vector.get("contentSha256").asText());
        return blob;
    }

    /** All slivers of a blob, by type and index. */
    private record Slivers(BlobMetadata metadata, byte[][] primary, byte[][] secondary) {
        static Slivers of(BlobEncoder encoder, EncodingConfig config, byte[] blob) {
            int symbolBytes = config.symbolBytes(blob.length);
            byte[][] primary = new byte[config.shards()][config.secondarySymbols() * symbolBytes];
            byte[][] secondary = new byte[config.shards()][config.primarySymbols() * symbolBytes];
            BlobMetadata metadata = encoder.encode(
                    MemorySegment.ofArray(blob),
                    (type, index, offset, bytes, from, length) -> System.arraycopy(
                            bytes,
                            from,
                            (type == SliverType.PRIMARY ? primary : secondary)[index],
                            (int) offset,
                            length));
            return new Slivers(metadata, primary, secondary);
        }

        Sliver sliver(SliverType type, int index, int symbolBytes) {
            return new Sliver(type, index, symbolBytes, (type == SliverType.PRIMARY ? primary : secondary)[index]);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("encodings")
    void parametersAreThoseOfTheVector(String id, JsonNode vector) {
        var config = new EncodingConfig(vector.get("nShards").asInt());
        long size = vector.get("blobSize").asLong();
        int symbolBytes = config.symbolBytes(size);
        assertThat(config.faulty()).isEqualTo(vector.get("f").asInt());
        assertThat(config.primarySymbols())
                .isEqualTo(vector.get("primarySourceSymbols").asInt());
        assertThat(config.secondarySymbols())
                .isEqualTo(vector.get("secondarySourceSymbols").asInt());
        assertThat(symbolBytes).isEqualTo(vector.get("symbolSize").asInt());
        assertThat(config.sliverBytes(SliverType.PRIMARY, symbolBytes))
                .isEqualTo(vector.get("primarySliverDataLength").asLong());
        assertThat(config.sliverBytes(SliverType.SECONDARY, symbolBytes))
                .isEqualTo(vector.get("secondarySliverDataLength").asLong());
        assertThat(config.encodedBytes(size))
                .isEqualTo(vector.get("encodedSize").asLong());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("encodings")
    void encodesToTheBytesOfTheVector(String id, JsonNode vector) {
        byte[] blob = blobOf(vector);
        var config = new EncodingConfig(vector.get("nShards").asInt());
        Slivers slivers = Slivers.of(new BlobEncoder(config, 2), config, blob);
        assertThat(slivers.metadata().encode())
                .isEqualTo(Vectors.bytes(vector.get("metadataFile").asText()));
        BlobId blobId = slivers.metadata().blobId();
        assertThat(blobId).hasToString(vector.get("blobId").asText());
        assertThat(slivers.metadata().root()).hasToString(vector.get("rootHash").asText());
        assertThat(blobId.rotation(config.shards()))
                .isEqualTo(vector.get("rotationOffset").asInt());
        int symbolBytes = config.symbolBytes(blob.length);
        var sha = Vectors.sha256();
        for (int pair = 0; pair < config.shards(); pair++) {
            for (SliverType type : SliverType.values()) {
                sha.update(slivers.sliver(type, config.sliverIndex(type, pair), symbolBytes)
                        .encode());
            }
        }
        assertThat(HexFormat.of().formatHex(sha.digest()))
                .isEqualTo(vector.get("allSliversSha256").asText());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("encodings")
    void encodesTheSameInManyStrips(String id, JsonNode vector) {
        byte[] blob = blobOf(vector);
        var config = new EncodingConfig(vector.get("nShards").asInt());
        Slivers whole = Slivers.of(new BlobEncoder(config), config, blob);
        Slivers strips = Slivers.of(new BlobEncoder(config, 2, 1), config, blob);
        assertThat(strips.metadata()).isEqualTo(whole.metadata());
        assertThat(strips.primary()).isDeepEqualTo(whole.primary());
        assertThat(strips.secondary()).isDeepEqualTo(whole.secondary());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("encodings")
    void decodesFromAnySlivers(String id, JsonNode vector) {
        byte[] blob = blobOf(vector);
        var config = new EncodingConfig(vector.get("nShards").asInt());
        Slivers slivers = Slivers.of(new BlobEncoder(config), config, blob);
        int symbolBytes = config.symbolBytes(blob.length);
        var random = new Random(7);
        for (SliverType type : SliverType.values()) {
            int needed = config.sliversToDecode(type);
            List<Integer> shuffled =
                    new ArrayList<>(IntStream.range(0, config.shards()).boxed().toList());
            java.util.Collections.shuffle(shuffled, random);
            for (List<Integer> indices : List.of(
                    IntStream.range(0, needed).boxed().toList(),
                    IntStream.range(config.shards() - needed, config.shards())
                            .boxed()
                            .toList(),
                    shuffled.subList(0, needed))) {
                byte[] decoded = new byte[blob.length];
                new BlobDecoder(config, 2)
                        .decode(
                                indices.stream()
                                        .map(index -> slivers.sliver(type, index, symbolBytes))
                                        .toList(),
                                MemorySegment.ofArray(decoded));
                assertThat(Arrays.equals(decoded, blob))
                        .as("%s slivers %s", type, indices)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("encodings")
    void acceptsEveryStoredSliver(String id, JsonNode vector) {
        var config = new EncodingConfig(vector.get("nShards").asInt());
        BlobId blobId = BlobId.parse(vector.get("blobId").asText());
        var metadata =
                BlobMetadata.decode(Vectors.bytes(vector.get("metadataFile").asText()));
        var verified = (MetadataVerdict.Accepted) VerifiedMetadata.verify(config, blobId, metadata);
        byte[] all = Vectors.bytes(vector.get("sliversFile").asText());
        for (JsonNode each : vector.get("slivers")) {
            int offset = each.get("offset").asInt();
            byte[] body =
                    Arrays.copyOfRange(all, offset, offset + each.get("length").asInt());
            int pair = each.get("pairIndex").asInt();
            SliverType type = SliverType.valueOf(each.get("type").asText().toUpperCase(java.util.Locale.ROOT));
            assertThat(verified.metadata().sliverAnswerBytes(type)).isEqualTo(body.length);
            assertThat(verified.metadata().verifySliver(type, pair, body)).isInstanceOf(SliverVerdict.Accepted.class);
            assertThat(config.sliverIndex(type, pair))
                    .isEqualTo(each.get("sliverIndex").asInt());
            assertThat(config.shardOf(pair, blobId))
                    .isEqualTo(each.get("shardIndex").asInt());
            assertThat(config.pairOf(config.shardOf(pair, blobId), blobId)).isEqualTo(pair);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("encodings")
    void bothChecksHoldForHonestBlobs(String id, JsonNode vector) {
        byte[] blob = blobOf(vector);
        var config = new EncodingConfig(vector.get("nShards").asInt());
        var metadata =
                BlobMetadata.decode(Vectors.bytes(vector.get("metadataFile").asText()));
        var verified = (MetadataVerdict.Accepted) VerifiedMetadata.verify(
                config, BlobId.parse(vector.get("blobId").asText()), metadata);
        for (ConsistencyCheck check : ConsistencyCheck.values()) {
            assertThat(check.holds(verified.metadata(), MemorySegment.ofArray(blob), new BitSet(), 1))
                    .isTrue();
        }
        if (blob.length > 0) {
            blob[blob.length / 2] ^= 1;
            for (ConsistencyCheck check : ConsistencyCheck.values()) {
                assertThat(check.holds(verified.metadata(), MemorySegment.ofArray(blob), new BitSet(), 1))
                        .isFalse();
            }
        }
    }
}
