package dev.vibrissa.server.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.eventblob.Element;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobFormatException;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.End;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.Extent;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.Read;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.Unknown;
import dev.vibrissa.protocol.walrus.status.EventId;
import dev.vibrissa.redstuff.BlobEncoder;
import dev.vibrissa.redstuff.EncodingConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Event blobs: a chain of files with all their elements, and files that are to be refused or reported. */
public final class EventBlobVectors {
    private static final String EXPECTED = "expected.json";
    private static final int OTHER_SHARDS = 10;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final VectorFiles files;

    /** Encoding at a thousand shards takes a while; the same file is encoded once. */
    private final Map<List<Object>, BlobId> ids = new HashMap<>();

    public EventBlobVectors(Path folder) {
        this.files = new VectorFiles(folder);
    }

    /** Whether {@code folder} is of the kind this runs. */
    public static boolean isThere(Path folder) {
        Path expected = folder.resolve(EXPECTED);
        return Files.isRegularFile(expected) && Conformance.read(expected).has("certifiedHead");
    }

    /** Reads all files. */
    public VectorReport run() {
        JsonNode expected = Conformance.read(files.folder().resolve(EXPECTED));
        var kinds = new ArrayList<VectorReport.Kind>();
        kinds.add(chain(cases(expected.path("chain"))));
        kinds.add(EncodingVectors.run(
                "head", List.of(expected.required("certifiedHead")), found -> head(found, expected.path("chain"))));
        kinds.add(edges(cases(expected.path("edgeCases"))));
        expected.fieldNames().forEachRemaining(key -> {
            if (!List.of("note", "certifiedHead", "chain", "edgeCases").contains(key)) {
                kinds.add(new VectorReport.Kind.NotHandled(key));
            }
        });
        return new VectorReport(files.name(), kinds);
    }

    /** A case is known by its file. */
    static List<JsonNode> cases(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(each -> {
                    ObjectNode named = each.deepCopy();
                    named.set("id", named.remove("file"));
                    return (JsonNode) named;
                })
                .toList();
    }

    VectorReport.Kind chain(List<JsonNode> cases) {
        return EncodingVectors.run("chain", cases, this::file);
    }

    VectorReport.Kind edges(List<JsonNode> cases) {
        return EncodingVectors.run("edges", cases, this::edge);
    }

    private void head(Findings found, JsonNode chain) {
        JsonNode newest = chain.get(chain.size() - 1);
        found.is("blobId", newest.required("blobId"))
                .is(
                        "endingCheckpointSequenceNumber",
                        newest.required("endCheckpoint").asLong());
    }

    private void file(Findings found) {
        byte[] bytes = files.bytes(found.text("id"));
        String name = found.text("id");
        var id = id(name, bytes, found.number("nShards"));
        found.is("sha256", VectorFiles.sha256(bytes))
                .is("length", bytes.length)
                .is("blobId", id.toString())
                .is("blobIdHex", VectorFiles.hex(id.toByteArray()))
                .is("blobIdNShards10", id(name, bytes, OTHER_SHARDS).toString());
        try (var reader = reader(bytes)) {
            header(found.inside("header"), reader);
            for (Findings each : found.each("elements")) {
                if (reader.next() instanceof Read(Element element)) {
                    element(each, element);
                } else {
                    each.holds(false, "the file ends before");
                }
                each.end();
            }
            if (reader.next() instanceof End(Extent extent)) {
                found.is("startCheckpoint", extent.firstCheckpoint())
                        .is("endCheckpoint", extent.lastCheckpoint())
                        .is("elementCount", extent.elements())
                        .is("firstIndex", extent.firstIndex())
                        .is("lastIndex", extent.nextIndex() - 1);
            } else {
                found.holds(false, "there is more in the file");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void header(Findings found, EventBlobReader reader) {
        var header = reader.header();
        var previous = header.previous().orElseGet(() -> new BlobId(new byte[32]));
        found.is("magic", "0x005ea1ce")
                .is("version", 1)
                .is("epoch", header.epoch())
                .is("prevBlobId", previous.toString())
                .is("prevBlobIdIsZero", previous.isZero())
                .is(
                        "prevEventId",
                        header.previousEvent()
                                .<JsonNode>map(EventBlobVectors::event)
                                .orElseGet(() -> Answers.JSON.nullNode()));
        found.end();
    }

    private static JsonNode event(EventId id) {
        return Answers.JSON
                .objectNode()
                .put("txDigest", id.transaction().toString())
                .put("txDigestHex", VectorFiles.hex(id.transaction().toByteArray()))
                .put("eventSeq", id.ordinal());
    }

    private static void element(Findings found, Element element) {
        found.is("index", element.index())
                .is("checkpoint", element.checkpoint())
                .is("counter", element.counter())
                .is("bcsHex", VectorFiles.hex(BcsWriter.encode(element, (out, each) -> each.encode(out))));
        switch (element) {
            case Element.Boundary _ -> found.is("type", "CheckpointBoundary");
            case Element.Occurrence occurrence ->
                found.is("type", occurrence.event().name())
                        .is("eventId", event(occurrence.id()))
                        .is("fields", fields(occurrence.event()));
        }
    }

    /** The vectors write the digest of a package with 0x, and the root of a deny list as bytes. */
    private static JsonNode fields(WalrusEvent event) {
        var fields = new LinkedHashMap<String, Object>(event.fields());
        fields.computeIfPresent("package_digest", (_, digest) -> "0x" + digest);
        fields.computeIfPresent(
                "root",
                (_, root) ->
                        "0x" + VectorFiles.hex(BlobId.parse(root.toString()).toByteArray()));
        return MAPPER.valueToTree(fields);
    }

    private void edge(Findings found) {
        byte[] bytes = files.bytes(found.text("id"));
        found.context("why");
        String outcome;
        try (var reader = reader(bytes)) {
            var last = reader.next();
            while (last instanceof Read) {
                last = reader.next();
            }
            outcome = last instanceof Unknown ? "unknown-variant" : "ok";
        } catch (EventBlobFormatException e) {
            outcome = "error";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.is("outcome", outcome);
    }

    private static EventBlobReader reader(byte[] bytes) throws IOException {
        return new EventBlobReader(new ByteArrayInputStream(bytes), bytes.length);
    }

    private BlobId id(String name, byte[] bytes, int shards) {
        return ids.computeIfAbsent(
                List.of(name, shards),
                _ -> new BlobId(new BlobEncoder(new EncodingConfig(shards))
                        .metadata(MemorySegment.ofArray(bytes))
                        .blobId()
                        .toByteArray()));
    }
}
