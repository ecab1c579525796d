package dev.vibrissa.devnet.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.ExecutedTransaction;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official client reads the chain, by its own transport and by plain gRPC; what it sees is what the files say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(420) // the packages may have to be fetched
class TypeScriptClientTest {
    private static final long CHECKPOINT = 1_040;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RecordedChain chain = RecordedChain.blobLife(1_100);
    private RunningServer server;
    private TypeScriptClient client;
    private JsonNode expected;

    @BeforeAll
    void start() throws Exception {
        client = TypeScriptClient.install();
        server = RunningServer.of(chain);
        expected = JSON.readTree(Path.of(
                        System.getProperty("vibrissa.root"),
                        "indexer/src/test/resources/scenarios/blob-life/expected.json")
                .toFile());
    }

    @AfterAll
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    /** The first event of a Blob registration, as the scenario's author lists it. */
    private JsonNode registration() {
        return StreamSupport.stream(expected.get("events").spliterator(), false)
                .filter(event -> event.get("type").asText().endsWith("::events::BlobRegistered"))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "grpc"})
    void readsACheckpointAnObjectAndEvents(String wire) throws Exception {
        var registration = registration();
        var executed = chain.decoded(registration.get("checkpoint").asLong())
                .transactions()
                .get(registration.get("txIndex").asInt());
        var object = chain.object(WalrusNetwork.mainnet().objects().system()).orElseThrow();

        var seen = client.run(
                server.url(),
                wire,
                "read",
                JSON.writeValueAsString(Map.of(
                        "checkpoint", Long.toString(CHECKPOINT),
                        "object", object.id().toString(),
                        "digest", executed.digest().toString(),
                        "missingDigest", chain.chainId().toString(),
                        "eventType", registration.get("type").asText(),
                        "owner", registration.get("sender").asText(),
                        "parent", object.id().toString())));

        assertThat(seen.at("/chain/chainIdentifier").asText())
                .isEqualTo(chain.chainId().toString());
        assertCheckpoint(seen);
        assertObject(seen.get("object"), object);
        assertTransaction(seen.at("/transaction/Transaction"), executed, registration);
        assertEvents(seen.get("events"), registration);
        assertState(seen, registration.get("sender").asText(), object);
        assertThat(seen.get("gasPrice").get("referenceGasPrice").asText()).isEqualTo("1000");
        assertFaults(seen);
    }

    private void assertCheckpoint(JsonNode seen) {
        var decoded = chain.decoded(CHECKPOINT);
        var checkpoint = seen.get("checkpoint");
        assertThat(checkpoint.get("sequenceNumber").asLong()).isEqualTo(CHECKPOINT);
        assertThat(checkpoint.get("digest").asText()).isEqualTo(decoded.digest().toString());
        assertThat(checkpoint.at("/summary/bcs/value").asText())
                .isEqualTo(decoded.summaryBcs().toString());
        assertThat(checkpoint.at("/summary/timestamp/seconds").asLong())
                .isEqualTo(decoded.summary().timestamp().getEpochSecond());
        assertThat(checkpoint.at("/contents/bcs/value").asText())
                .isEqualTo(decoded.contentsBcs().toString());
        assertThat(checkpoint.at("/signature/signature").asText())
                .isEqualTo(decoded.signature().signature().toString());
        assertThat(checkpoint.at("/transactions")).hasSameSizeAs(decoded.transactions());
        assertThat(checkpoint.at("/objects/objects"))
                .hasSameSizeAs(decoded.objects().all());
        assertThat(seen.at("/headers/x-sui-checkpoint-height").asText()).isEqualTo("1100");
    }

    private static void assertObject(JsonNode seen, SuiObject object) {
        byte[] bcs = BcsWriter.encode(object, (out, each) -> each.encode(out));
        assertThat(seen.get("objectBcs").asText()).isEqualTo(HexFormat.of().formatHex(bcs));
        assertThat(seen.get("digest").asText())
                .isEqualTo(DigestKind.OBJECT.digest(Bytes.of(bcs)).toString());
        assertThat(seen.get("version").asLong()).isEqualTo(object.version());
        assertThat(seen.at("/owner/$kind").asText()).isEqualTo("Shared");
        assertThat(seen.get("content").asText())
                .isEqualTo(((SuiObject.Move) object.data()).contents().toString());
        assertThat(seen.get("type").asText()).endsWith("::system::System");
        assertThat(seen.get("previousTransaction").asText())
                .isEqualTo(object.previousTransaction().toString());
    }

    private static void assertTransaction(JsonNode seen, ExecutedTransaction executed, JsonNode registration) {
        var effects = executed.effects().decoded().orElseThrow();
        assertThat(seen.get("digest").asText()).isEqualTo(executed.digest().toString());
        assertThat(seen.get("checkpoint").asLong())
                .isEqualTo(registration.get("checkpoint").asLong());
        assertThat(seen.at("/status/success").asBoolean()).isTrue();
        assertThat(seen.get("bcs").asText()).isEqualTo(executed.data().bcs().toString());
        assertThat(seen.at("/effects/bcs").asText())
                .isEqualTo(executed.effects().bcs().toString());
        assertThat(seen.at("/effects/lamportVersion").asLong()).isEqualTo(effects.lamportVersion());
        assertThat(seen.at("/effects/changedObjects")).hasSameSizeAs(effects.changedObjects());
        assertThat(seen.at("/effects/dependencies")).hasSameSizeAs(effects.dependencies());
        assertThat(seen.get("objectTypes")).isNotEmpty();
        assertThat(seen.get("balanceChanges")).isNotEmpty();
        assertThat(seen.get("signatures")).hasSize(1);
        assertEvent(seen.get("events").get(registration.get("eventIndex").asInt()), registration);
    }

    private static void assertEvent(JsonNode seen, JsonNode expected) {
        assertThat(seen.get("eventType").asText())
                .isEqualTo(expected.get("type").asText());
        assertThat(seen.get("sender").asText()).isEqualTo(expected.get("sender").asText());
        assertThat(seen.get("packageId").asText() + "::" + seen.get("module").asText())
                .isEqualTo(expected.get("emitter").asText());
        assertThat(seen.get("bcs").asText())
                .isEqualTo(expected.get("contentsHex").asText());
        assertThat(seen.at("/json/epoch").asInt())
                .isEqualTo(expected.at("/fields/epoch").asInt());
        assertThat(seen.at("/json/object_id").asText())
                .isEqualTo(expected.at("/fields/object_id").asText());
    }

    private static void assertEvents(JsonNode seen, JsonNode registration) {
        assertThat(seen.get("events")).hasSize(2);
        assertThat(seen.get("hasNextPage").asBoolean()).isTrue();
        var first = seen.get("events").get(0);
        assertEvent(first, registration);
        assertThat(first.get("transactionDigest").asText())
                .isEqualTo(registration.get("tx").asText());
        assertThat(first.get("eventIndex").asInt())
                .isEqualTo(registration.get("eventIndex").asInt());
    }

    private static void assertState(JsonNode seen, String owner, SuiObject parent) {
        assertThat(seen.at("/owned/objects")).hasSize(1);
        assertThat(seen.at("/owned/objects/0/owner/AddressOwner").asText()).isEqualTo(owner);
        assertThat(seen.at("/owned/hasNextPage").asBoolean()).isTrue();
        assertThat(seen.at("/balance/balance/balance").asLong()).isPositive();
        assertThat(seen.at("/fields/dynamicFields")).hasSize(1);
        assertThat(seen.at("/fields/dynamicFields/0/name/type").asText()).isEqualTo("u64");
        assertThat(seen.at("/fields/dynamicFields/0/valueType").asText())
                .endsWith("::system_state_inner::SystemStateInnerV1");
        assertThat(parent.owner()).isInstanceOf(Owner.Shared.class);
    }

    private void assertFaults(JsonNode seen) {
        assertThat(seen.at("/missingObject/message").asText()).startsWith("there is no object 0x000");
        assertThat(seen.at("/missingTransaction/code").asText()).isEqualTo("NOT_FOUND");
        assertThat(seen.at("/badRequest/code").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(seen.at("/badRequest/message").asText()).contains("object_id", "'ä bad id'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "grpc"})
    void readsTheStateOfWalrus(String wire) throws Exception {
        var objects = WalrusNetwork.mainnet().objects();
        var blob = StreamSupport.stream(expected.get("blobObjects").spliterator(), false)
                .filter(each -> each.path("attributesHistory").size() == 3
                        && each.get("aliveAtEnd").asBoolean())
                .findFirst()
                .orElseThrow();
        String blobObject = blob.get("objectId").asText();

        var seen = client.run(
                server.url(),
                wire,
                "walrus",
                JSON.writeValueAsString(Map.of(
                        "system",
                        objects.system().toString(),
                        "staking",
                        objects.staking().toString(),
                        "blob",
                        blobObject,
                        "blobWithAttributes",
                        blobObject)));

        var system = SystemStateInner.decode(innerState(objects.system()));
        var staking = StakingInner.decode(innerState(objects.staking()));
        assertThat(seen.at("/systemState/committee/n_shards").asInt())
                .isEqualTo(system.committee().nShards());
        assertThat(seen.at("/systemState/storage_price_per_unit_size").asLong())
                .isEqualTo(system.storagePricePerUnitSize());
        assertThat(seen.at("/stakingState/epoch").asLong()).isEqualTo(staking.epoch());
        assertThat(seen.get("pools"))
                .hasSameSizeAs(staking.committee().shards().keySet())
                .allSatisfy(pool -> assertThat(pool.get("type").asText()).endsWith("::staking_pool::StakingPool"));
        assertThat(seen.get("blobType").asText()).endsWith("::blob::Blob");
        assertThat(seen.at("/blob/size").asText()).isEqualTo(blob.get("size").asText());
        assertThat(seen.at("/blob/id").asText()).isEqualTo(blobObject);
        assertThat(seen.get("attributes")).isEqualTo(blob.at("/attributesHistory/0/attributes"));
    }

    /** The value of the only dynamic field. */
    private BcsReader innerState(SuiAddress parent) {
        var field = chain.ownedBy(new Owner.ObjectOwner(parent)).getFirst();
        var contents = ((SuiObject.Move) field.data()).contents();
        int start = SuiAddress.SIZE + Long.BYTES; // the field's id, and its name, a version
        return contents.slice(start, contents.length() - start).reader();
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "grpc"})
    void followsTheTip(String wire) throws Exception {
        long start = chain.tip() + 1;
        try (var following = client.start(server.url(), wire, "follow", "3")) {
            assertThat(following.line()).isEqualTo("following");
            chain.awaitSubscriber();

            chain.sealTo(start + 2);
            var seen = following.result();

            for (int i = 0; i < 3; i++) {
                assertThat(seen.get(i).get("cursor").asLong()).isEqualTo(start + i);
                assertThat(seen.get(i).get("digest").asText())
                        .isEqualTo(chain.decoded(start + i).digest().toString());
            }
            assertThat(chain.awaitLeft()).isTrue();
        }
    }
}
