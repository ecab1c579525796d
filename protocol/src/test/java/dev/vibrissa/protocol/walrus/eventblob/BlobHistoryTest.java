package dev.vibrissa.protocol.walrus.eventblob;

import static dev.vibrissa.protocol.walrus.KnownAnswers.items;
import static dev.vibrissa.protocol.walrus.KnownAnswers.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.walrus.KnownAnswers;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.Read;
import dev.vibrissa.protocol.walrus.status.EventId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a scenario's blobs are, read from event blobs that hold its events: the same as from its checkpoints. */
class BlobHistoryTest {
    private static final int CHECKPOINTS_PER_FILE = 40;

    @ParameterizedTest
    @ValueSource(strings = {"blob-life", "governance"})
    void endsWithTheStatusesOfTheScenario(String scenario) throws IOException {
        var expected = KnownAnswers.resource("scenarios/" + scenario + "/expected.json");
        var history = BlobHistory.complete();
        for (byte[] file : files(expected)) {
            try (var reader = new EventBlobReader(new ByteArrayInputStream(file), file.length)) {
                while (reader.next() instanceof Read(Element element)) {
                    history.apply(element);
                }
                assertThat(reader.next()).isInstanceOf(EventBlobReader.End.class);
            }
        }

        Map<String, JsonNode> statuses = new TreeMap<>();
        history.statuses((id, status) -> statuses.put(id.toString(), json(status.toJson())));
        Map<String, JsonNode> due = new TreeMap<>();
        items(expected.get("blobStatus")).forEach(blob -> {
            var timeline = items(blob.get("timeline")).toList();
            if (!timeline.isEmpty()
                    && !timeline.getLast().get("status").asText().equals("nonexistent")) {
                due.put(blob.get("blobId").asText(), timeline.getLast().get("status"));
            }
        });
        assertThat(due).isNotEmpty();
        assertThat(statuses).isEqualTo(due);
    }

    /** As nodes write them, several files after one another. */
    private static List<byte[]> files(JsonNode expected) throws IOException {
        var byCheckpoint = new TreeMap<Long, List<JsonNode>>();
        items(expected.get("events"))
                .filter(event -> event.get("kind").asText().equals("walrus"))
                .forEach(event -> byCheckpoint
                        .computeIfAbsent(event.get("checkpoint").asLong(), _ -> new ArrayList<>())
                        .add(event));
        long first = expected.at("/checkpoints/first").asLong();
        long last = expected.at("/checkpoints/last").asLong();
        var files = new ArrayList<byte[]>();
        long index = 0;
        for (long begin = first; begin <= last; begin += CHECKPOINTS_PER_FILE) {
            var elements = new ArrayList<Element>();
            for (long checkpoint = begin;
                    checkpoint <= Math.min(last, begin + CHECKPOINTS_PER_FILE - 1);
                    checkpoint++) {
                long counter = 0;
                for (JsonNode event : byCheckpoint.getOrDefault(checkpoint, List.of())) {
                    String type = event.get("type").asText();
                    elements.add(new Element.Occurrence(
                            index++,
                            checkpoint,
                            counter++,
                            new EventId(
                                    Digest.parse(event.get("tx").asText()),
                                    event.get("walrusOrdinal").asInt()),
                            WalrusEvent.decode(
                                            type.substring(type.lastIndexOf(':') + 1),
                                            HexFormat.of()
                                                    .parseHex(event.get("contentsHex")
                                                            .asText()))
                                    .known()
                                    .orElseThrow()));
                }
                elements.add(new Element.Boundary(index++, checkpoint, counter));
            }
            var out = new ByteArrayOutputStream();
            EventBlobWriter.write(out, new EventBlobHeader(0, Optional.empty()), elements);
            files.add(out.toByteArray());
        }
        return files;
    }
}
