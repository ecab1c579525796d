package dev.vibrissa.protocol.walrus;

import static dev.vibrissa.protocol.walrus.KnownAnswers.items;
import static dev.vibrissa.protocol.walrus.KnownAnswers.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decodes all 22 events, from vectors made by others. */
class WalrusEventDecodingTest {
    private static final BlobId BLOB = BlobId.parse("E7_nNXvFU_3qZVu3OH1yycRG7LZlyn1-UxEDCDDqGGU");
    private static final SuiAddress OBJECT =
            SuiAddress.parse("0xe91eee8c5b6f35b9a250cfc29e30f0d9e5463a21fd8d1ddb0fc22d44db4eac50");

    record Vector(String name, String hex, JsonNode fields) {
        static Vector of(JsonNode event, String fields) {
            String type = event.get("type").asText();
            return new Vector(
                    type.substring(type.lastIndexOf(':') + 1),
                    event.get("contentsHex").asText(),
                    event.get(fields));
        }

        byte[] contents() {
            return HexFormat.of().parseHex(hex);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Vector> everyKindOfEvent() {
        return items(KnownAnswers.resource("synthetic-walrus-1001-all-events.expected.json")
                        .get("transactions"))
                .flatMap(transaction -> items(transaction.get("events")))
                .filter(event -> event.hasNonNull("decoded"))
                .map(event -> Vector.of(event, "decoded"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyKindOfEvent")
    void readsTheFieldsOfEachKindOfEvent(Vector vector) {
        var event = WalrusEvent.decode(vector.name, vector.contents()).known().orElseThrow();

        assertThat(event.name()).isEqualTo(vector.name);
        assertThat(json(event.fields())).isEqualTo(inOurNotation(vector.fields));
        assertThat(event.toBcs()).isEqualTo(vector.contents());
    }

    @Test
    void knowsExactlyTheKindsInTheVector() {
        assertThat(everyKindOfEvent().map(Vector::name)).containsExactlyInAnyOrderElementsOf(WalrusEvent.names());
        assertThat(WalrusEvent.names()).hasSize(22);
    }

    /** The vector shows a blob id as a decimal u256, with the Base64 form beside it. */
    private static JsonNode inOurNotation(JsonNode decoded) {
        ObjectNode fields = decoded.deepCopy();
        var base64 = fields.remove("blob_id_base64url");
        if (base64 != null) {
            fields.set("blob_id", base64);
        }
        return fields;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyKindOfEvent")
    void refusesAnyOtherLength(Vector vector) {
        for (int length = 0; length < vector.contents().length; length++) {
            assertThat(WalrusEvent.decode(vector.name, Arrays.copyOf(vector.contents(), length)))
                    .isInstanceOf(Decoding.Malformed.class);
        }
        assertThat(WalrusEvent.decode(vector.name, Arrays.copyOf(vector.contents(), vector.contents().length + 1)))
                .isInstanceOfSatisfying(
                        Decoding.Malformed.class,
                        malformed -> assertThat(malformed.reason()).contains("1 bytes left over"));
    }

    @Test
    void leavesAnEventOfALaterContractUnknown() {
        assertThat(WalrusEvent.decode("ShardAuditRecorded", new byte[44]))
                .isEqualTo(new Decoding.Unknown<WalrusEvent>("ShardAuditRecorded"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"blob-life", "governance"})
    void readsEveryEventOfAScenario(String scenario) {
        assertEventsMatch(KnownAnswers.resource("scenarios/" + scenario + "/expected.json"));
    }

    private static void assertEventsMatch(JsonNode expected) {
        var events = items(expected.get("events")).toList();
        assertThat(events).isNotEmpty();
        for (var event : events) {
            var vector = Vector.of(event, "fields");
            var decoded = WalrusEvent.decode(vector.name, vector.contents());
            switch (event.get("kind").asText()) {
                case "walrus" -> {
                    var known = decoded.known().orElseThrow();
                    assertThat(json(known.fields())).isEqualTo(vector.fields);
                    assertThat(known.fields().keySet())
                            .as("in chain order")
                            .containsExactlyElementsOf(fieldNames(vector.fields));
                    assertThat(known.toBcs()).isEqualTo(vector.contents());
                }
                case "unknown-walrus" -> assertThat(decoded).isInstanceOf(Decoding.Unknown.class);
                default -> {} // of another package: not ours to read
            }
        }
    }

    private static List<String> fieldNames(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    @Test
    void readsTheVectorsMadeByHand() {
        assertThat(decode(
                        "BlobRegistered",
                        "0700000013bfe7357bc553fdea655bb7387d72c9c446ecb665ca7d7e5311030830ea186540420f0000000000010c00000001"
                                + "e91eee8c5b6f35b9a250cfc29e30f0d9e5463a21fd8d1ddb0fc22d44db4eac50"))
                .isEqualTo(new BlobEvent.BlobRegistered(7, BLOB, 1_000_000, 1, 12, true, OBJECT));
        assertThat(decode(
                        "BlobCertified",
                        "0700000013bfe7357bc553fdea655bb7387d72c9c446ecb665ca7d7e5311030830ea18650c00000001"
                                + "e91eee8c5b6f35b9a250cfc29e30f0d9e5463a21fd8d1ddb0fc22d44db4eac5000"))
                .isEqualTo(new BlobEvent.BlobCertified(7, BLOB, 12, true, OBJECT, false));
        assertThat(decode("PricesUpdated", "1e000000f82a000000000000204e000000000000"))
                .isEqualTo(new ProtocolEvent.PricesUpdated(30, 11_000, 20_000));
        assertThat(decode("ShardsReceived", "1e0000000300000100e703"))
                .isEqualTo(new EpochEvent.ShardsReceived(30, List.of(0, 1, 999)));
        String digest = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        assertThat(decode("ContractUpgradeProposed", "1e00000020" + digest))
                .isEqualTo(new PackageEvent.ContractUpgradeProposed(
                        30, new Digest(HexFormat.of().parseHex(digest))));
    }

    @Test
    void showsWideNumbersWithoutASign() {
        var event = new ProtocolEvent.PricesUpdated(0xffff_ffffL, -1, 0);
        assertThat(event.fields())
                .containsEntry("epoch", 4_294_967_295L)
                .containsEntry("storage_price", "18446744073709551615");
        assertThat(WalrusEvent.decode("PricesUpdated", event.toBcs()).known()).contains(event);
    }

    private static WalrusEvent decode(String name, String hex) {
        return WalrusEvent.decode(name, HexFormat.of().parseHex(hex)).known().orElseThrow();
    }
}
