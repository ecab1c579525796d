package dev.vibrissa.protocol.walrus.eventblob;

import static dev.vibrissa.protocol.walrus.KnownAnswers.items;
import static dev.vibrissa.protocol.walrus.KnownAnswers.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.KnownAnswers;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.End;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.Extent;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.Read;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.Unknown;
import dev.vibrissa.protocol.walrus.status.EventId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads and writes the event blobs that others made by hand, and refuses every damage to them. */
class EventBlobVectorsTest {
    private static final JsonNode EXPECTED = KnownAnswers.resource("event-blob/expected.json");

    static Stream<String> files() {
        return items(EXPECTED.get("chain")).map(file -> file.get("file").asText());
    }

    @ParameterizedTest
    @MethodSource("files")
    void readsAFileOfTheChainAndWritesTheSameBytes(String name) throws IOException {
        var expected = items(EXPECTED.get("chain"))
                .filter(file -> file.get("file").asText().equals(name))
                .findFirst()
                .orElseThrow();
        var reader = reader(bytes(name));

        var header = expected.get("header");
        assertThat(reader.header())
                .isEqualTo(new EventBlobHeader(
                        header.get("epoch").asLong(),
                        Optional.of(BlobId.parse(header.get("prevBlobId").asText()))
                                .filter(id -> !id.isZero())));
        var elements = elements(reader);
        assertThat(reader.next())
                .isEqualTo(new End(new Extent(
                        expected.get("startCheckpoint").asLong(),
                        expected.get("endCheckpoint").asLong(),
                        expected.get("firstIndex").asLong(),
                        expected.get("lastIndex").asLong() + 1,
                        expected.get("elementCount").asLong(),
                        elements.stream()
                                .filter(Element.Occurrence.class::isInstance)
                                .count())));
        var vectors = items(expected.get("elements")).toList();
        assertThat(elements).hasSameSizeAs(vectors);
        for (int i = 0; i < vectors.size(); i++) {
            assertIs(vectors.get(i), elements.get(i));
        }

        var written = new ByteArrayOutputStream();
        EventBlobWriter.write(written, reader.header(), elements);
        assertThat(written.toByteArray()).isEqualTo(bytes(name));
    }

    private static void assertIs(JsonNode vector, Element element) {
        assertThat(element.index()).isEqualTo(vector.get("index").asLong());
        assertThat(element.checkpoint()).isEqualTo(vector.get("checkpoint").asLong());
        assertThat(element.counter()).isEqualTo(vector.get("counter").asLong());
        assertThat(HexFormat.of().formatHex(BcsWriter.encode(element, (out, each) -> each.encode(out))))
                .isEqualTo(vector.get("bcsHex").asText());
        switch (element) {
            case Element.Boundary _ -> assertThat(vector.get("type").asText()).isEqualTo("CheckpointBoundary");
            case Element.Occurrence event -> {
                assertThat(event.event().name()).isEqualTo(vector.get("type").asText());
                assertThat(json(event.event().fields())).isEqualTo(inOurNotation(vector.get("fields")));
                assertThat(event.id())
                        .isEqualTo(new EventId(
                                Digest.parse(vector.at("/eventId/txDigest").asText()),
                                vector.at("/eventId/eventSeq").asInt()));
            }
        }
    }

    /** The vectors write the digest of a package with 0x, and the root of a deny list as bytes. */
    private static JsonNode inOurNotation(JsonNode fields) {
        ObjectNode ours = fields.deepCopy();
        if (ours.has("package_digest")) {
            ours.put("package_digest", ours.get("package_digest").asText().substring(2));
        }
        if (ours.has("root")) {
            ours.put("root", BlobId.parse(ours.get("root").asText()).toDecimal().toString());
        }
        return ours;
    }

    static Stream<JsonNode> edges() {
        return items(EXPECTED.get("edgeCases"));
    }

    @ParameterizedTest
    @MethodSource("edges")
    void takesRefusesOrReportsEachEdge(JsonNode edge) throws IOException {
        byte[] file = bytes(edge.get("file").asText());
        switch (edge.get("outcome").asText()) {
            case "ok" -> assertThat(last(file)).isInstanceOf(End.class);
            case "error" ->
                assertThatThrownBy(() -> last(file))
                        .isInstanceOfSatisfying(
                                EventBlobFormatException.class,
                                fault -> assertThat(fault.position()).isBetween(0L, (long) file.length));
            case "unknown-variant" ->
                assertThat(last(file)).isInstanceOfSatisfying(Unknown.class, unknown -> {
                    assertThat(unknown.position()).isEqualTo(EventBlobHeader.BYTES + 2 + 1);
                    assertThat(unknown.index()).isEqualTo(OptionalLong.empty());
                    assertThat(unknown.what()).isEqualTo("ContractEvent has no variant 6 known here");
                });
            default -> throw new AssertionError(edge);
        }
    }

    @Test
    void readsThePreviousEventThoughNothingRestsOnIt() throws IOException {
        byte[] digest = HexFormat.of().parseHex("0652657907af4544434e77a9674695b3f1a543c0e9adcc69eaebb38c452a5c86");

        assertThat(reader(bytes("edge-prev-event-id.bin")).header().previousEvent())
                .contains(new EventId(new Digest(digest), 7));
    }

    @ParameterizedTest
    @MethodSource("files")
    void refusesEveryTruncationAndEveryByteTooMany(String name) {
        byte[] file = bytes(name);
        for (int length = 0; length < file.length; length++) {
            byte[] shorter = Arrays.copyOf(file, length);
            // Cut short in the storage, and on its way.
            assertThatThrownBy(() -> last(shorter)).isInstanceOf(EventBlobFormatException.class);
            assertThatThrownBy(() -> last(shorter, file.length)).isInstanceOf(EventBlobFormatException.class);
        }
        byte[] longer = Arrays.copyOf(file, file.length + 1);
        assertThatThrownBy(() -> last(longer)).isInstanceOf(EventBlobFormatException.class);
        assertThatThrownBy(() -> last(longer, file.length)).isInstanceOf(EventBlobFormatException.class);
    }

    @ParameterizedTest
    @MethodSource("files")
    void survivesAFlipOfEveryBit(String name) throws IOException {
        byte[] file = bytes(name);
        for (int i = 0; i < file.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                file[i] ^= (byte) (1 << bit);
                try {
                    last(file);
                } catch (EventBlobFormatException e) {
                    assertThat(e.position()).isBetween(0L, (long) file.length);
                }
                file[i] ^= (byte) (1 << bit);
            }
        }
    }

    @Test
    void aLengthThatTheFileDoesNotHaveAllocatesNothing() throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(new EventBlobHeader(0, Optional.empty()).encode());
        out.write(HexFormat.of().parseHex("ffffffffffffffff7f01"));
        out.write(new byte[64]);

        assertThatThrownBy(() -> last(out.toByteArray()))
                .isInstanceOf(EventBlobFormatException.class)
                .hasMessageContaining("1 to 1048576 are due");
    }

    private static Object last(byte[] file) throws IOException {
        return last(file, file.length);
    }

    private static Object last(byte[] file, long length) throws IOException {
        var reader = new EventBlobReader(new ByteArrayInputStream(file), length);
        elements(reader);
        return reader.next();
    }

    private static List<Element> elements(EventBlobReader reader) throws IOException {
        var elements = new ArrayList<Element>();
        while (reader.next() instanceof Read(Element element)) {
            elements.add(element);
        }
        return elements;
    }

    private static EventBlobReader reader(byte[] file) throws IOException {
        return new EventBlobReader(new ByteArrayInputStream(file), file.length);
    }

    private static byte[] bytes(String name) {
        try (InputStream in = EventBlobVectorsTest.class.getResourceAsStream("/walrus/event-blob/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
