package dev.vibrissa.protocol.walrus.status;

import static dev.vibrissa.protocol.walrus.KnownAnswers.items;
import static dev.vibrissa.protocol.walrus.KnownAnswers.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.walrus.BlobEvent;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.EpochEvent;
import dev.vibrissa.protocol.walrus.KnownAnswers;
import dev.vibrissa.protocol.walrus.StoragePoolEvent;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Folds the events of whole scenarios and compares every blob's status over time, in the storage node's own JSON. */
class BlobStatusTimelineTest {
    record Chapter(List<BlobFact.Happened> facts, JsonNode expected) {}

    static Stream<Named<Chapter>> blobs() {
        return Stream.of("blob-life", "governance").flatMap(scenario -> {
            var expected = KnownAnswers.resource("scenarios/" + scenario + "/expected.json");
            var facts = facts(expected.get("events"));
            return items(expected.get("blobStatus"))
                    .map(blob -> Named.of(scenario + " " + blob.get("blobId").asText(), new Chapter(facts, blob)));
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("blobs")
    void changesWhereTheScenarioSays(Chapter chapter) {
        var blobId = BlobId.parse(chapter.expected.get("blobId").asText());
        var life = BlobLife.complete(blobId);
        var timeline = new ArrayList<JsonNode>();
        long epoch = 0;
        for (int i = 0; i < chapter.facts.size(); i++) {
            var fact = chapter.facts.get(i);
            if (fact.event() instanceof EpochEvent.EpochChangeStart start) {
                epoch = start.epoch();
            }
            if (concerns(blobId, fact.event())) {
                life.apply(fact);
            }
            long checkpoint = fact.position().checkpoint();
            boolean isLastOfCheckpoint = i + 1 == chapter.facts.size()
                    || chapter.facts.get(i + 1).position().checkpoint() != checkpoint;
            var status = life.status(epoch);
            boolean isNew = timeline.isEmpty()
                    ? life.state(epoch) != BlobState.NEVER_SEEN
                    : !timeline.getLast().get("status").equals(json(status.toJson()));
            if (isLastOfCheckpoint && isNew) {
                timeline.add(json(entry(checkpoint, epoch, status)));
            }
        }
        assertThat(timeline.stream().map(JsonNode::toString))
                .containsExactlyElementsOf(items(chapter.expected.get("timeline"))
                        .map(JsonNode::toString)
                        .toList());
    }

    private static Object entry(long checkpoint, long epoch, BlobStatus status) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("fromCheckpoint", checkpoint);
        entry.put("epoch", epoch);
        entry.put("status", status.toJson());
        if (status instanceof BlobStatus.Nonexistent(BlobStatus.Why why)) {
            entry.put("why", why.name().toLowerCase(Locale.ROOT));
        }
        return entry;
    }

    private static boolean concerns(BlobId blobId, WalrusEvent event) {
        return switch (event) {
            case BlobEvent e -> e.blobId().equals(blobId);
            case StoragePoolEvent _, EpochEvent.EpochChangeStart _ -> true;
            default -> false;
        };
    }

    private static List<BlobFact.Happened> facts(JsonNode events) {
        return items(events)
                .filter(event -> event.get("kind").asText().equals("walrus"))
                .map(event -> {
                    String type = event.get("type").asText();
                    return new BlobFact.Happened(
                            new Position(
                                    event.get("checkpoint").asLong(),
                                    event.get("txIndex").asInt()),
                            new EventId(
                                    digest(event.get("tx").asText()),
                                    event.get("walrusOrdinal").asInt()),
                            WalrusEvent.decode(
                                            type.substring(type.lastIndexOf(':') + 1),
                                            HexFormat.of()
                                                    .parseHex(event.get("contentsHex")
                                                            .asText()))
                                    .known()
                                    .orElseThrow());
                })
                .toList();
    }

    /** Base58 the way a school book has it. */
    private static Digest digest(String base58) {
        var number = base58.chars()
                .map("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"::indexOf)
                .mapToObj(BigInteger::valueOf)
                .reduce(
                        BigInteger.ZERO,
                        (sum, digit) -> sum.multiply(BigInteger.valueOf(58)).add(digit));
        return new Digest(HexFormat.of().parseHex("%064x".formatted(number)));
    }
}
