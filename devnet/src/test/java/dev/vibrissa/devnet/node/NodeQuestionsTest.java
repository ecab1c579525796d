package dev.vibrissa.devnet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.status.BlobStatus;
import dev.vibrissa.protocol.walrus.status.EventId;
import dev.vibrissa.redstuff.BlobDecoder;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.VerifiedMetadata;
import dev.vibrissa.verifier.node.ClaimedStatus;
import dev.vibrissa.verifier.node.Failure;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeHealth;
import dev.vibrissa.verifier.node.Outcome;
import dev.vibrissa.verifier.node.Refusal;
import dev.vibrissa.verifier.node.StoredStatus;
import dev.vibrissa.verifier.node.SymbolId;
import dev.vibrissa.verifier.node.Symbols;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every question of the verifier's client to healthy nodes. */
@Timeout(60)
class NodeQuestionsTest {
    private static final int NODES = 4;
    private static final SuiAddress OBJECT = SuiAddress.parse("0x0b1ec7");

    private static final NodeClient CLIENT = TestNetwork.client();
    private static TestNetwork network;
    private static EncodedBlob blob;

    @BeforeAll
    static void start(@TempDir Path folder) {
        network = new TestNetwork(folder, 10, NODES);
        blob = network.stored(1, 5000);
        network.deletableObjects.put(OBJECT, blob.blobId());
    }

    @AfterAll
    static void stop() throws Exception {
        network.close();
    }

    static <T> T answered(Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Answered.class);
        return ((Outcome.Answered<T>) outcome).value();
    }

    static Failure failed(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed<?>) outcome).failure();
    }

    static void assertRefused(Outcome<?> outcome, Refusal refusal, int status, String reason) {
        assertThat(failed(outcome)).isInstanceOfSatisfying(Failure.Refused.class, refused -> {
            assertThat(refused.refusal()).isEqualTo(refusal);
            assertThat(refused.status()).isEqualTo(status);
            assertThat(refused.error())
                    .hasValueSatisfying(error -> assertThat(error.reason()).isEqualTo(reason));
        });
    }

    @Test
    void metadataIsThatOfTheBlob() throws Exception {
        VerifiedMetadata metadata = answered(CLIENT.metadata(network.record(0), network.config, blob.blobId()));
        assertThat(metadata.metadata()).isEqualTo(blob.metadata().metadata());
        assertThat(answered(CLIENT.metadataStatus(network.record(0), blob.blobId())))
                .isEqualTo(StoredStatus.STORED);
    }

    @Test
    void unknownBlobsHaveNoMetadata() throws Exception {
        var unknown = new BlobId(TestNetwork.filled(0x77));
        assertRefused(
                CLIENT.metadata(network.record(0), network.config, unknown),
                Refusal.NOT_FOUND,
                404,
                "METADATA_NOT_FOUND");
        assertThat(answered(CLIENT.metadataStatus(network.record(0), unknown))).isEqualTo(StoredStatus.NONEXISTENT);
        assertThat(answered(CLIENT.blobStatus(network.record(0), unknown))).isEqualTo(new ClaimedStatus.Nonexistent());
    }

    @ParameterizedTest
    @EnumSource(SliverType.class)
    void everySliverIsAtTheHolderOfItsShard(SliverType type) throws Exception {
        for (int pair = 0; pair < network.config.shards(); pair++) {
            var node = network.record(network.holderOf(blob.blobId(), pair));
            assertThat(answered(CLIENT.sliver(node, blob.metadata(), pair, type)))
                    .isEqualTo(blob.sliver(type, pair));
            assertThat(answered(CLIENT.sliverStatus(node, blob.blobId(), pair, type)))
                    .isEqualTo(StoredStatus.STORED);
        }
    }

    @Test
    void aQuorumOfPrimarySliversDecodesToTheContent() throws Exception {
        var slivers = new ArrayList<Sliver>();
        for (int pair = network.config.shards() - 1; slivers.size() < network.config.primarySymbols(); pair--) {
            var node = network.record(network.holderOf(blob.blobId(), pair));
            slivers.add(answered(CLIENT.sliver(node, blob.metadata(), pair, SliverType.PRIMARY)));
        }
        byte[] decoded = new byte[5000];
        new BlobDecoder(network.config).decode(slivers, MemorySegment.ofArray(decoded));
        assertThat(decoded).isEqualTo(TestNetwork.content(1, 5000));
    }

    @Test
    void whoDoesNotHoldTheShardSaysSo() throws Exception {
        int other = (network.holderOf(blob.blobId(), 3) + 1) % NODES;
        assertRefused(
                CLIENT.sliver(network.record(other), blob.metadata(), 3, SliverType.PRIMARY),
                Refusal.NOT_RESPONSIBLE,
                400,
                "SHARD_NOT_ASSIGNED");
        assertRefused(
                CLIENT.sliverStatus(network.record(other), blob.blobId(), 3, SliverType.PRIMARY),
                Refusal.NOT_RESPONSIBLE,
                400,
                "SHARD_NOT_ASSIGNED");
    }

    @Test
    void theStatusOfASliverBeyondTheShardsIsThatOfAnother() throws Exception {
        int holder = network.holderOf(blob.blobId(), 3);
        assertThat(answered(CLIENT.sliverStatus(network.record(holder), blob.blobId(), 13, SliverType.PRIMARY)))
                .isEqualTo(StoredStatus.STORED);
    }

    @Test
    void anExpiredBlobIsNotFoundThoughItIsOnDisk() throws Exception {
        EncodedBlob expired = network.stored(2, 900);
        network.statuses.put(expired.blobId(), new BlobStatus.Nonexistent(BlobStatus.Why.EXPIRED));
        var node = network.record(network.holderOf(expired.blobId(), 0));
        assertRefused(
                CLIENT.sliver(node, expired.metadata(), 0, SliverType.SECONDARY),
                Refusal.NOT_FOUND,
                404,
                "SLIVER_NOT_FOUND");
        assertRefused(
                CLIENT.metadata(node, network.config, expired.blobId()), Refusal.NOT_FOUND, 404, "METADATA_NOT_FOUND");
        assertThat(answered(CLIENT.metadataStatus(node, expired.blobId()))).isEqualTo(StoredStatus.BUFFERED);
    }

    @Test
    void aDenyListedBlobIsBlockedButConfirmed() throws Exception {
        EncodedBlob denied = network.stored(3, 900);
        network.denied.add(denied.blobId());
        int holder = network.holderOf(denied.blobId(), 0);
        assertRefused(
                CLIENT.sliver(network.record(holder), denied.metadata(), 0, SliverType.PRIMARY),
                Refusal.BLOCKED,
                451,
                "FORBIDDEN_BLOB");
        assertRefused(
                CLIENT.metadata(network.record(holder), network.config, denied.blobId()),
                Refusal.BLOCKED,
                451,
                "FORBIDDEN_BLOB");
        answered(CLIENT.permanentConfirmation(network.record(holder), denied.blobId(), TestNetwork.EPOCH));
    }

    @Test
    void theStatusIsThatOfTheChain() throws Exception {
        assertThat(answered(CLIENT.blobStatus(network.record(1), blob.blobId())))
                .isInstanceOfSatisfying(ClaimedStatus.Permanent.class, status -> {
                    assertThat(status.endEpoch()).isEqualTo(TestNetwork.EPOCH + 5);
                    assertThat(status.certified()).isTrue();
                    assertThat(status.deletable()).isEqualTo(new ClaimedStatus.Counts(2, 1));
                    assertThat(status.initialCertifiedEpoch()).hasValue(TestNetwork.EPOCH);
                });
        var deletable = new BlobId(TestNetwork.filled(0x41));
        network.statuses.put(
                deletable, new BlobStatus.Deletable(Optional.empty(), new BlobStatus.DeletableCounts(1, 0)));
        assertThat(answered(CLIENT.blobStatus(network.record(1), deletable)))
                .isEqualTo(new ClaimedStatus.Deletable(new ClaimedStatus.Counts(1, 0), Optional.empty()));
        var invalid = new BlobId(TestNetwork.filled(0x42));
        var event = new EventId(new dev.vibrissa.protocol.sui.Digest(TestNetwork.filled(9)), 4);
        network.statuses.put(invalid, new BlobStatus.Invalid(event));
        assertThat(answered(CLIENT.blobStatus(network.record(1), invalid)))
                .isEqualTo(new ClaimedStatus.Invalid(
                        new ClaimedStatus.Event(event.transaction().toString(), "4")));
    }

    @Test
    void confirmationsAreSignedByTheNode() throws Exception {
        for (int i = 0; i < NODES; i++) {
            answered(CLIENT.permanentConfirmation(network.record(i), blob.blobId(), TestNetwork.EPOCH));
            answered(CLIENT.deletableConfirmation(network.record(i), blob.blobId(), OBJECT, TestNetwork.EPOCH));
        }
    }

    @Test
    void nothingIsConfirmedThatIsNotRegisteredOrNotThere() throws Exception {
        assertRefused(
                CLIENT.deletableConfirmation(
                        network.record(0), blob.blobId(), SuiAddress.parse("0x99"), TestNetwork.EPOCH),
                Refusal.NOT_REGISTERED,
                400,
                "NOT_REGISTERED");
        EncodedBlob absent = network.encoded(4, 100);
        assertRefused(
                CLIENT.permanentConfirmation(network.record(0), absent.blobId(), TestNetwork.EPOCH),
                Refusal.NOT_REGISTERED,
                400,
                "NOT_REGISTERED");
        network.register(absent.blobId());
        assertRefused(
                CLIENT.permanentConfirmation(network.record(0), absent.blobId(), TestNetwork.EPOCH),
                Refusal.MISSING_SLIVERS,
                400,
                "MISSING_SLIVERS");
    }

    @ParameterizedTest
    @EnumSource(SliverType.class)
    void recoverySymbolsAreProven(SliverType source) throws Exception {
        int pair = 6;
        int index = network.config.sliverIndex(source, pair);
        var asked = List.of(
                source == SliverType.PRIMARY ? new SymbolId(index, 1) : new SymbolId(1, index),
                source == SliverType.PRIMARY ? new SymbolId(index, 9) : new SymbolId(9, index));
        var node = network.record(network.holderOf(blob.blobId(), pair));
        Symbols symbols = answered(CLIENT.recoverySymbols(node, blob.metadata(), source, asked));
        assertThat(symbols.missing()).isEmpty();
        assertThat(symbols.given()).hasSize(2);
    }

    @Test
    void symbolsOfOthersAreLeftOut() throws Exception {
        int holder = network.holderOf(blob.blobId(), 6);
        int others = (6 + 1) % network.config.shards();
        var asked = List.of(new SymbolId(6, 2), new SymbolId(others, 2));
        Symbols symbols =
                answered(CLIENT.recoverySymbols(network.record(holder), blob.metadata(), SliverType.PRIMARY, asked));
        assertThat(symbols.missing()).containsExactly(new SymbolId(others, 2));
        assertRefused(
                CLIENT.recoverySymbols(
                        network.record(holder), blob.metadata(), SliverType.PRIMARY, List.of(new SymbolId(others, 2))),
                Refusal.NOT_RESPONSIBLE,
                400,
                "SHARD_NOT_ASSIGNED");
    }

    @Test
    void healthTellsOfEpochAndShards() throws Exception {
        NodeHealth health = answered(CLIENT.health(network.record(2), true));
        assertThat(health.epoch()).isEqualTo(TestNetwork.EPOCH);
        assertThat(health.nodeStatus()).isEqualTo("Active");
        assertThat(health.summary().owned()).isEqualTo(health.summary().ready());
        assertThat(health.shards())
                .extracting(NodeHealth.Shard::shard)
                .containsExactlyInAnyOrderElementsOf(network.shardsOf(2, TestNetwork.EPOCH).stream()
                        .map(Integer::longValue)
                        .toList());
        assertThat(health.latestCheckpoint()).hasValue(345L);
        // 12 events, and a boundary for each of the checkpoints 0 to 345.
        assertThat(health.events()).isEqualTo(new NodeHealth.EventProgress(358, 0, Optional.of(357L)));
        assertThat(answered(CLIENT.health(network.record(2), false)).shards()).isEmpty();
    }
}
