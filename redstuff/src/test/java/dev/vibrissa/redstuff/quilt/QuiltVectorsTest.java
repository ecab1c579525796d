package dev.vibrissa.redstuff.quilt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.redstuff.BlobEncoder;
import dev.vibrissa.redstuff.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.MetadataVerdict;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.SliverVerdict;
import dev.vibrissa.redstuff.Vectors;
import dev.vibrissa.redstuff.VerifiedMetadata;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quilts made with the public SDK. */
class QuiltVectorsTest {
    private record Vector(Path folder, JsonNode expected, byte[] blob, EncodingConfig config) {
        static Vector read(String name) throws IOException {
            Path folder = Vectors.folder("quilt").resolve(name);
            JsonNode expected =
                    new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
            return new Vector(
                    folder,
                    expected,
                    Files.readAllBytes(folder.resolve("quilt.bin")),
                    new EncodingConfig(expected.get("nShards").asInt()));
        }

        BlobId blobId() {
            return BlobId.parse(expected.get("blobId").asText());
        }

        VerifiedMetadata metadata() {
            var metadata = new BlobEncoder(config).metadata(MemorySegment.ofArray(blob));
            return ((MetadataVerdict.Accepted) VerifiedMetadata.verify(config, blobId(), metadata)).metadata();
        }

        Sliver sliver(JsonNode of) throws IOException {
            return Sliver.decode(
                    SliverType.SECONDARY,
                    Files.readAllBytes(folder.resolve(of.get("file").asText())));
        }
    }

    private static void assertIndex(Vector vector, Quilt quilt) {
        var expected = vector.expected();
        assertThat(quilt.layout().rowBytes()).isEqualTo(expected.get("rowSize").asLong());
        assertThat(quilt.layout().columnBytes())
                .isEqualTo(expected.get("columnSize").asLong());
        assertThat(quilt.index().columns())
                .isEqualTo(quilt.indexColumns())
                .isEqualTo(expected.get("indexColumns").asInt());
        assertThat(quilt.index().bodyBytes())
                .isEqualTo(expected.get("indexLength").asLong());
        assertThat(quilt.index().notes()).isEmpty();
        assertThat(quilt.index().patches()).hasSameSizeAs(expected.get("patches"));
        for (int i = 0; i < quilt.index().patches().size(); i++) {
            QuiltPatch patch = quilt.index().patches().get(i);
            JsonNode each = expected.get("patches").get(i);
            assertThat(patch.identifier()).isEqualTo(each.get("identifier").asText());
            assertThat(patch.tags()).containsExactlyEntriesOf(tags(each.get("tags")));
            assertThat(patch.start()).isEqualTo(each.get("startIndex").asInt());
            assertThat(patch.end()).isEqualTo(each.get("endIndex").asInt());
            var id = QuiltPatchId.of(vector.blobId(), patch);
            assertThat(id).hasToString(each.get("patchId").asText());
            assertThat(HexFormat.of().formatHex(id.internalId()))
                    .isEqualTo(each.get("patchInternalIdHex").asText());
            assertThat(quilt.index().find(patch.identifier())).contains(patch);
        }
        assertThat(quilt.index().find("no such file")).isEmpty();
    }

    private static void assertFile(Quilt quilt, int i, JsonNode each) {
        QuiltFile file = quilt.file(quilt.index().patches().get(i));
        assertThat(file.identifier()).isEqualTo(each.get("identifier").asText());
        assertThat(file.tags()).isEqualTo(tags(each.get("tags")));
        assertThat(file.mask()).isEqualTo(each.get("headerMask").asInt());
        assertThat(file.length()).isEqualTo(each.get("headerLength").asLong());
        assertThat(file.contentOffset()).isEqualTo(each.get("contentOffset").asLong());
        assertThat(file.contentBytes()).isEqualTo(each.get("contentLength").asLong());
        assertThat(file.notes()).isEmpty();
        byte[] content = quilt.content(file);
        assertThat(Vectors.sha256(content)).isEqualTo(each.get("contentSha256").asText());
        byte[] copied = new byte[content.length];
        quilt.content(file, MemorySegment.ofArray(copied));
        assertThat(copied).isEqualTo(content);
    }

    private static Map<String, String> tags(JsonNode tags) {
        var map = new LinkedHashMap<String, String>();
        tags.properties().forEach(tag -> map.put(tag.getKey(), tag.getValue().asText()));
        return map;
    }

    @ParameterizedTest
    @ValueSource(strings = {"three-files-n1000", "three-files-n10", "empty-file-n7", "index-boundary-n7"})
    void readsEveryFileOfAWholeBlob(String name) throws IOException {
        var vector = Vector.read(name);
        var quilt = Quilt.of(vector.config(), MemorySegment.ofArray(vector.blob()));
        assertIndex(vector, quilt);
        for (int i = 0; i < vector.expected().get("patches").size(); i++) {
            assertFile(quilt, i, vector.expected().get("patches").get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"three-files-n10", "empty-file-n7", "index-boundary-n7"})
    void readsEachFileFromNoMoreSliversThanItTakes(String name) throws IOException {
        var vector = Vector.read(name);
        var metadata = vector.metadata();
        JsonNode files = vector.expected().get("patches");
        for (int i = 0; i < files.size(); i++) {
            var slivers = new Quilt.Slivers(metadata);
            add(vector, slivers, slivers.missingForIndex()); // those that tell how many there are
            add(vector, slivers, slivers.missingForIndex());
            assertThat(slivers.missingForIndex().isEmpty()).isTrue();
            assertIndex(vector, slivers.quilt());
            var patch = slivers.quilt().index().patches().get(i);
            assertThat(slivers.missingFor(patch).cardinality()).isEqualTo(patch.end() - patch.start());
            assertThatThrownBy(() -> slivers.quilt().file(patch))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("secondary sliver " + patch.start());
            add(vector, slivers, slivers.missingFor(patch));
            assertFile(slivers.quilt(), i, files.get(i));
        }
    }

    private static void add(Vector vector, Quilt.Slivers slivers, java.util.BitSet missing) throws IOException {
        for (JsonNode each : vector.expected().get("secondarySlivers")) {
            if (missing.get(each.get("sliverIndex").asInt())) {
                assertThat(slivers.add(vector.sliver(each))).isInstanceOf(SliverVerdict.Accepted.class);
            }
        }
    }

    @Test
    void oneSliverListsTheFilesOfALargeQuilt() throws IOException {
        var vector = Vector.read("three-files-n1000");
        var slivers = new Quilt.Slivers(vector.metadata());
        add(vector, slivers, slivers.missingForIndex());
        assertThat(slivers.missingForIndex().isEmpty()).isTrue();
        assertIndex(vector, slivers.quilt());
    }

    @Test
    void keepsNoSliverThatMetadataDoesNotCommitTo() throws IOException {
        var vector = Vector.read("three-files-n10");
        var slivers = new Quilt.Slivers(vector.metadata());
        Sliver sliver = vector.sliver(vector.expected().get("secondarySlivers").get(0));
        sliver.data()[7] ^= 1;
        assertThat(slivers.add(sliver)).isInstanceOf(SliverVerdict.Refused.class);
        assertThat(slivers.missingForIndex().get(0)).isTrue();
        assertThatThrownBy(() -> slivers.add(new Sliver(SliverType.PRIMARY, 0, 2, new byte[2])))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
