package dev.vibrissa.server.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibrissa.redstuff.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.MetadataVerdict;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.SliverVerdict;
import dev.vibrissa.redstuff.VerifiedMetadata;
import dev.vibrissa.redstuff.quilt.Quilt;
import dev.vibrissa.redstuff.quilt.QuiltIndex;
import dev.vibrissa.redstuff.quilt.QuiltPatch;
import dev.vibrissa.redstuff.quilt.QuiltPatchId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * Quilts: a folder for each, with the blob, its secondary slivers and what should be read from them. Files are read twice, from the
 * blob and from the slivers that are there.
 */
public final class QuiltVectors {
    private static final String BLOB = "quilt.bin";
    private static final String EXPECTED = "expected.json";
    private static final int PREFIX_BYTES = 5;

    private final Path folder;

    public QuiltVectors(Path folder) {
        this.folder = folder;
    }

    /** Whether {@code folder} is of the kind this runs. */
    public static boolean isThere(Path folder) {
        return Files.isDirectory(folder) && !quilts(folder).isEmpty();
    }

    private static List<Path> quilts(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(path -> Files.isRegularFile(path.resolve(BLOB)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads all quilts. */
    public VectorReport run() {
        List<Path> quilts = quilts(folder);
        return report(quilts.stream()
                .map(quilt -> named(quilt, Conformance.read(quilt.resolve(EXPECTED))))
                .toList());
    }

    /** An expectation knows its folder by a name of ours. */
    static JsonNode named(Path quilt, JsonNode expected) {
        return ((ObjectNode) expected.deepCopy()).put("id", String.valueOf(quilt.getFileName()));
    }

    VectorReport report(List<JsonNode> cases) {
        return new VectorReport(
                new VectorFiles(folder).name(), List.of(EncodingVectors.run("quilt", cases, this::quilt)));
    }

    private void quilt(Findings found) {
        var files = new VectorFiles(folder.resolve(found.text("id")));
        byte[] blob = files.bytes(BLOB);
        var config = new EncodingConfig(found.number("nShards"));
        var encoding = Encoding.of(config, blob);
        BlobId blobId = encoding.metadata().blobId();
        var quilt = Quilt.of(config, MemorySegment.ofArray(blob));
        QuiltIndex index = quilt.index();
        // Version and length, as far as the first symbol of the blob has them.
        int prefixBytes = Math.min(PREFIX_BYTES, quilt.layout().symbolBytes());
        found.is("sourceSymbolsPrimary", quilt.layout().rows())
                .is("sourceSymbolsSecondary", quilt.layout().columns())
                .is("symbolSize", quilt.layout().symbolBytes())
                .is("rowSize", quilt.layout().rowBytes())
                .is("columnSize", quilt.layout().columnBytes())
                .is("quiltLength", blob.length)
                .is("quiltSha256", VectorFiles.sha256(blob))
                .is("quiltVersion", QuiltIndex.VERSION)
                .is("indexLength", index.bodyBytes())
                .is("indexColumns", index.columns())
                .is("indexPrefixHex", HexFormat.of().formatHex(blob, 0, prefixBytes))
                .is("blobId", blobId.toString())
                .is("blobIdHex", VectorFiles.hex(blobId.toByteArray()))
                .is("blobIdU256", EncodingVectors.u256(blobId))
                .is("rootHashHex", encoding.metadata().root().toString())
                .is(
                        "onChainAttribute",
                        Answers.JSON.objectNode().put("key", Quilt.ATTRIBUTE).put("value", Quilt.ATTRIBUTE_VALUE));
        found.holds(index.notes().isEmpty(), "notes on the index: " + index.notes());
        Quilt.Slivers slivers = slivers(found, files, encoding);
        if (slivers.missingForIndex().isEmpty()) {
            found.holds(slivers.quilt().index().equals(index), "another index in its slivers");
        }
        List<Findings> patches = found.each("patches");
        found.holds(
                patches.size() == index.patches().size(),
                "%d patches found".formatted(index.patches().size()));
        for (int i = 0; i < Math.min(patches.size(), index.patches().size()); i++) {
            QuiltPatch patch = index.patches().get(i);
            patch(patches.get(i), blobId, quilt, patch);
            if (slivers.missingFor(patch).isEmpty()) {
                patch(patches.get(i), blobId, slivers.quilt(), patch);
            }
            patches.get(i).end();
        }
    }

    private static void patch(Findings found, BlobId quiltId, Quilt quilt, QuiltPatch patch) {
        var id = QuiltPatchId.of(quiltId, patch);
        var file = quilt.file(patch);
        byte[] content = quilt.content(file);
        found.is("identifier", patch.identifier())
                .is("tags", tags(patch.tags()))
                .is("startIndex", patch.start())
                .is("endIndex", patch.end())
                .is("patchInternalIdHex", VectorFiles.hex(id.internalId()))
                .is("patchId", id.toString())
                .is("headerMask", file.mask())
                .is("headerLength", file.length())
                .is("contentOffset", file.contentOffset())
                .is("contentLength", file.contentBytes())
                .is("contentSha256", VectorFiles.sha256(content))
                .mayBe("contentHex", VectorFiles.hex(content));
        found.holds(QuiltPatchId.parse(id.toString()).equals(id), "its id does not lead back");
        found.holds(file.notes().isEmpty(), "notes on the file: " + file.notes());
    }

    private static ObjectNode tags(SequencedMap<String, String> tags) {
        var object = Answers.JSON.objectNode();
        tags.forEach(object::put);
        return object;
    }

    private static Quilt.Slivers slivers(Findings found, VectorFiles files, Encoding encoding) {
        var config = encoding.config();
        var verdict = VerifiedMetadata.verify(config, encoding.metadata().blobId(), encoding.metadata());
        if (!(verdict instanceof MetadataVerdict.Accepted(var metadata))) {
            throw new IllegalStateException(verdict.toString());
        }
        var slivers = new Quilt.Slivers(metadata);
        for (Findings each : found.each("secondarySlivers")) {
            byte[] body = files.bytes(each.text("file"));
            Sliver sliver = Sliver.decode(SliverType.SECONDARY, body);
            each.is("sliverIndex", sliver.index())
                    .is("sliverPairIndex", config.sliverIndex(SliverType.SECONDARY, sliver.index()))
                    .is("length", body.length)
                    .is("sha256", VectorFiles.sha256(body));
            each.holds(slivers.add(sliver) instanceof SliverVerdict.Accepted, "the sliver is refused");
            each.end();
        }
        return slivers;
    }
}
