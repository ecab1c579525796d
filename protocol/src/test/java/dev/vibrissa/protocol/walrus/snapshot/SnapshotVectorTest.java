package dev.vibrissa.protocol.walrus.snapshot;

import static dev.vibrissa.protocol.walrus.KnownAnswers.items;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.KnownAnswers;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotEntry.OfObject;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotEntry.OfPool;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotEntry.OfPooledObject;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotWriter.Section;
import dev.vibrissa.protocol.walrus.status.EventId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The sample of the nodes' own test of the format: its rows, its bytes and its digest. */
class SnapshotVectorTest {
    private static final JsonNode EXPECTED = KnownAnswers.resource("blob-info-snapshot/expected.json");

    private static final SnapshotHeader HEADER = new SnapshotHeader(
            EXPECTED.at("/header/epoch").asLong(),
            event(EXPECTED.at("/header/eventId/eventSeq")),
            EXPECTED.at("/header/nextEventIndex").asLong());

    @Test
    void hasTheRowsAndTheDigest() throws IOException {
        byte[] sample = sample();
        var digest = new Fingerprint(0);
        digest.write(sample, 0, sample.length);

        assertThat(digest).hasToString(EXPECTED.get("xxhash64Seed0").asText());
        try (var reader = new SnapshotReader(new ByteArrayInputStream(sample))) {
            assertThat(reader.header()).isEqualTo(HEADER);
        }
        assertThat(rows(sample)).containsExactlyElementsOf(expected());
    }

    @Test
    void isWrittenByteForByte() throws IOException {
        var out = new ByteArrayOutputStream();
        var writer = new SnapshotWriter(out, HEADER);
        for (var section : List.of(Section.OBJECTS, Section.POOLS, Section.POOLED_OBJECTS)) {
            var rows = expected().stream()
                    .filter(row -> SnapshotWriter.sectionOf(row) == section)
                    .toList();
            writer.begin(section, rows.size());
            for (var row : rows) {
                writer.add(row);
            }
        }
        writer.end();

        assertThat(out.toByteArray()).isEqualTo(sample());
    }

    @Test
    void refusesEveryTruncationAndSurvivesEveryFlip() throws IOException {
        byte[] sample = sample();
        for (int length = 0; length < sample.length; length++) {
            byte[] shorter = Arrays.copyOf(sample, length);
            assertThatThrownBy(() -> rows(shorter)).isInstanceOf(SnapshotFormatException.class);
        }
        assertThatThrownBy(() -> rows(Arrays.copyOf(sample, sample.length + 1)))
                .isInstanceOf(SnapshotFormatException.class);
        for (int i = 0; i < sample.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                sample[i] ^= (byte) (1 << bit);
                try {
                    rows(sample);
                } catch (SnapshotFormatException e) {
                    assertThat(e.position()).isBetween(0L, (long) sample.length);
                }
                sample[i] ^= (byte) (1 << bit);
            }
        }
    }

    private static List<SnapshotEntry> expected() {
        var rows = new ArrayList<SnapshotEntry>();
        items(EXPECTED.get("perObject"))
                .map(row -> new OfObject(
                        SuiAddress.parse(row.get("objectId").asText()),
                        BlobId.parse(row.get("blobIdHex").asText()),
                        row.get("registeredEpoch").asLong(),
                        certified(row),
                        row.get("endEpoch").asLong(),
                        row.get("deletable").asBoolean(),
                        event(row.get("eventSeq")),
                        row.get("deleted").asBoolean()))
                .forEach(rows::add);
        items(EXPECTED.get("storagePools"))
                .map(row -> new OfPool(
                        SuiAddress.parse(row.get("poolId").asText()),
                        row.get("startEpoch").asLong(),
                        row.get("endEpoch").asLong()))
                .forEach(rows::add);
        items(EXPECTED.get("perObjectPooled"))
                .map(row -> new OfPooledObject(
                        SuiAddress.parse(row.get("objectId").asText()),
                        BlobId.parse(row.get("blobIdHex").asText()),
                        row.get("registeredEpoch").asLong(),
                        certified(row),
                        SuiAddress.parse(row.get("storagePoolId").asText()),
                        event(row.get("eventSeq"))))
                .forEach(rows::add);
        return rows;
    }

    private static Optional<Long> certified(JsonNode row) {
        var epoch = row.get("certifiedEpoch");
        return epoch.isNull() ? Optional.empty() : Optional.of(epoch.asLong());
    }

    private static EventId event(JsonNode number) {
        byte[] digest = HexFormat.of()
                .parseHex(EXPECTED.at("/header/eventId/txDigestHex").asText());
        return new EventId(new Digest(digest), number.asInt());
    }

    private static List<SnapshotEntry> rows(byte[] file) throws IOException {
        try (var reader = new SnapshotReader(new ByteArrayInputStream(file))) {
            var rows = new ArrayList<SnapshotEntry>();
            for (var row = reader.next(); row.isPresent(); row = reader.next()) {
                rows.add(row.get());
            }
            return rows;
        }
    }

    private static byte[] sample() throws IOException {
        try (var in = SnapshotVectorTest.class.getResourceAsStream("/walrus/blob-info-snapshot/sample.bin")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }
}
