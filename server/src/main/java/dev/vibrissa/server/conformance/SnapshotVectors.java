package dev.vibrissa.server.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibrissa.protocol.walrus.snapshot.Fingerprint;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotEntry;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotEntry.OfObject;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotEntry.OfPool;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotEntry.OfPooledObject;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotReader;
import dev.vibrissa.protocol.walrus.status.EventId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A blob-info snapshot with its rows and its digest. */
public final class SnapshotVectors {
    private static final String EXPECTED = "expected.json";
    private static final String SAMPLE = "sample.bin";

    private final VectorFiles files;

    public SnapshotVectors(Path folder) {
        this.files = new VectorFiles(folder);
    }

    /** Whether {@code folder} is of the kind this runs. */
    public static boolean isThere(Path folder) {
        Path expected = folder.resolve(EXPECTED);
        return Files.isRegularFile(expected) && Conformance.read(expected).has("xxhash64Seed0");
    }

    public VectorReport run() {
        return new VectorReport(
                files.name(), List.of(run(Conformance.read(files.folder().resolve(EXPECTED)))));
    }

    VectorReport.Kind run(JsonNode expected) {
        return EncodingVectors.run("snapshot", List.of(expected), this::snapshot);
    }

    private void snapshot(Findings found) {
        byte[] bytes = files.bytes(SAMPLE);
        var digest = new Fingerprint(0);
        digest.write(bytes, 0, bytes.length);
        found.context("note")
                .is("xxhash64Seed0", digest.toString())
                .is("length", bytes.length)
                .is("sha256", VectorFiles.sha256(bytes))
                .is("magic", "0xb10b1f05")
                .is("version", 1);
        try (var reader = new SnapshotReader(new ByteArrayInputStream(bytes))) {
            var header = reader.header();
            found.inside("header")
                    .is("epoch", header.epoch())
                    .is("eventId", event(header.event()))
                    .is("nextEventIndex", header.nextEventIndex())
                    .end();
            var objects = new ArrayList<JsonNode>();
            var pools = new ArrayList<JsonNode>();
            var pooled = new ArrayList<JsonNode>();
            for (var row = reader.next(); row.isPresent(); row = reader.next()) {
                SnapshotEntry entry = row.get();
                switch (entry) {
                    case OfObject each -> objects.add(object(each));
                    case OfPool each ->
                        pools.add(Answers.JSON
                                .objectNode()
                                .put("poolId", each.key().toString())
                                .put("startEpoch", each.startEpoch())
                                .put("endEpoch", each.endEpoch()));
                    case OfPooledObject each -> pooled.add(pooledObject(each));
                }
            }
            found.is("perObject", Answers.JSON.arrayNode().addAll(objects))
                    .is("storagePools", Answers.JSON.arrayNode().addAll(pools))
                    .is("perObjectPooled", Answers.JSON.arrayNode().addAll(pooled));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sample has one transaction, which its rows do not name again. */
    private static JsonNode event(EventId id) {
        return Answers.JSON
                .objectNode()
                .put("txDigestHex", VectorFiles.hex(id.transaction().toByteArray()))
                .put("eventSeq", id.ordinal());
    }

    private static JsonNode object(OfObject each) {
        var node = Answers.JSON
                .objectNode()
                .put("objectId", each.key().toString())
                .put("blobIdHex", VectorFiles.hex(each.blobId().toByteArray()))
                .put("registeredEpoch", each.registeredEpoch());
        certified(node, each.certifiedEpoch());
        return node.put("endEpoch", each.endEpoch())
                .put("deletable", each.deletable())
                .put("eventSeq", each.event().ordinal())
                .put("deleted", each.deleted());
    }

    private static JsonNode pooledObject(OfPooledObject each) {
        var node = Answers.JSON
                .objectNode()
                .put("objectId", each.key().toString())
                .put("blobIdHex", VectorFiles.hex(each.blobId().toByteArray()))
                .put("registeredEpoch", each.registeredEpoch());
        certified(node, each.certifiedEpoch());
        return node.put("storagePoolId", each.poolId().toString())
                .put("eventSeq", each.event().ordinal());
    }

    private static void certified(ObjectNode node, Optional<Long> epoch) {
        epoch.ifPresentOrElse(known -> node.put("certifiedEpoch", known), () -> node.putNull("certifiedEpoch"));
    }
}
