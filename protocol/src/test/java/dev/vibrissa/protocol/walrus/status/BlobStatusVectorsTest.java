package dev.vibrissa.protocol.walrus.status;

import static dev.vibrissa.protocol.walrus.KnownAnswers.items;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.EpochEvent;
import dev.vibrissa.protocol.walrus.KnownAnswers;
import dev.vibrissa.protocol.walrus.StoragePoolEvent;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays every scenario of {@code blob-status/scenarios.json} and compares the status of each blob after each step. */
class BlobStatusVectorsTest {
    static Stream<Named<JsonNode>> scenarios() {
        return items(KnownAnswers.resource("blob-status/scenarios.json"))
                .map(scenario -> Named.of(
                        scenario.get("name").asText() + ": "
                                + scenario.get("why").asText(),
                        scenario));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void agreesAfterEveryStep(JsonNode scenario) {
        Map<String, BlobLife> lives = new HashMap<>();
        List<BlobFact> common = new ArrayList<>(); // pools and epochs, which concern every blob
        for (JsonNode step : scenario.get("steps")) {
            int index = step.get("index").asInt();
            var fact = new BlobFact.Happened(new Position(index, 0), Story.eventId(index), event(step.get("event")));
            if (fact.event() instanceof BlobEvent) {
                lives.computeIfAbsent(step.get("event").get("blob").asText(), label -> {
                            var life = BlobLife.complete(blobId(label));
                            common.forEach(life::apply);
                            return life;
                        })
                        .apply(fact);
            } else {
                common.add(fact);
                lives.values().forEach(life -> life.apply(fact));
            }
            for (var expected : step.get("expect").properties()) {
                var life = Objects.requireNonNull(lives.get(expected.getKey()));
                assertThat(life.status(step.get("epoch").asLong()))
                        .as("%s after step %d, %s", expected.getKey(), index, step.get("event"))
                        .satisfies(status -> assertThat(same(status, expected.getValue()))
                                .as("%s is %s", status, expected.getValue())
                                .isTrue());
            }
        }
    }

    private static boolean same(BlobStatus status, JsonNode expected) {
        return switch (status) {
            case BlobStatus.Nonexistent _ -> expected.get("status").asText().equals("nonexistent");
            case BlobStatus.Invalid invalid ->
                expected.get("status").asText().equals("invalid")
                        && invalid.event()
                                .equals(Story.eventId(expected.get("event").asInt()));
            case BlobStatus.Deletable deletable ->
                expected.get("status").asText().equals("deletable")
                        && deletable.deletableCounts().equals(counts(expected))
                        && deletable.initialCertifiedEpoch().equals(initialCertifiedEpoch(expected));
            case BlobStatus.Permanent permanent ->
                expected.get("status").asText().equals("permanent")
                        && permanent.equals(new BlobStatus.Permanent(
                                expected.get("endEpoch").asLong(),
                                expected.get("isCertified").asBoolean(),
                                Optional.of(Story.eventId(
                                        expected.get("statusEvent").asInt())),
                                counts(expected),
                                initialCertifiedEpoch(expected)));
        };
    }

    private static BlobStatus.DeletableCounts counts(JsonNode expected) {
        return new BlobStatus.DeletableCounts(
                expected.get("countDeletableTotal").asInt(),
                expected.get("countDeletableCertified").asInt());
    }

    private static Optional<Long> initialCertifiedEpoch(JsonNode expected) {
        var epoch = expected.get("initialCertifiedEpoch");
        return epoch.isNull() ? Optional.empty() : Optional.of(epoch.asLong());
    }

    private static BlobId blobId(String label) {
        return new BlobId(Story.id(label).toByteArray());
    }

    private static WalrusEvent event(JsonNode e) {
        long epoch = e.get("epoch").asLong();
        return switch (e.get("type").asText()) {
            case "BlobRegistered" ->
                new BlobEvent.BlobRegistered(epoch, blob(e), 1, 1, end(e), deletable(e), id(e, "object"));
            case "BlobCertified" ->
                new BlobEvent.BlobCertified(
                        epoch,
                        blob(e),
                        end(e),
                        deletable(e),
                        id(e, "object"),
                        e.get("isExtension").asBoolean());
            case "BlobDeleted" -> new BlobEvent.BlobDeleted(epoch, blob(e), end(e), id(e, "object"), wasCertified(e));
            case "InvalidBlobID" -> new BlobEvent.InvalidBlobID(epoch, blob(e));
            case "PooledBlobRegistered" ->
                new BlobEvent.PooledBlobRegistered(epoch, blob(e), 1, 1, deletable(e), id(e, "object"), id(e, "pool"));
            case "PooledBlobCertified" ->
                new BlobEvent.PooledBlobCertified(epoch, blob(e), deletable(e), id(e, "object"), id(e, "pool"));
            case "PooledBlobDeleted" ->
                new BlobEvent.PooledBlobDeleted(epoch, blob(e), id(e, "object"), wasCertified(e), id(e, "pool"));
            case "StoragePoolCreated" ->
                new StoragePoolEvent.StoragePoolCreated(
                        epoch, id(e, "pool"), 1, e.get("startEpoch").asLong(), end(e));
            case "StoragePoolExtended" ->
                new StoragePoolEvent.StoragePoolExtended(
                        epoch, id(e, "pool"), e.get("newEndEpoch").asLong());
            case "EpochChangeStart" -> new EpochEvent.EpochChangeStart(epoch);
            default -> throw new AssertionError(e);
        };
    }

    private static BlobId blob(JsonNode e) {
        return blobId(e.get("blob").asText());
    }

    private static SuiAddress id(JsonNode e, String field) {
        return Story.id(e.get(field).asText());
    }

    private static long end(JsonNode e) {
        return e.get("endEpoch").asLong();
    }

    private static boolean deletable(JsonNode e) {
        return e.get("deletable").asBoolean();
    }

    private static boolean wasCertified(JsonNode e) {
        return e.get("wasCertified").asBoolean();
    }
}
