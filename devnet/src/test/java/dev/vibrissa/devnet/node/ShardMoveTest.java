package dev.vibrissa.devnet.node;

import static dev.vibrissa.devnet.node.NodeQuestionsTest.answered;
import static dev.vibrissa.devnet.node.NodeQuestionsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.walrus.status.BlobStatus;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeHealth;
import dev.vibrissa.verifier.node.Refusal;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What nodes have over time: across a change of epoch, a restart, and the end of a blob. */
@Timeout(60)
class ShardMoveTest {
    private static final NodeClient CLIENT = TestNetwork.client();

    private TestNetwork network;
    private EncodedBlob blob;

    @BeforeEach
    void start(@TempDir Path folder) {
        network = new TestNetwork(folder, 10, 3);
        blob = network.stored(31, 4000);
    }

    @AfterEach
    void stop() throws Exception {
        network.close();
    }

    /** Which nodes give primary sliver 5. */
    private List<Integer> givers() throws InterruptedException {
        var givers = new java.util.ArrayList<Integer>();
        for (int i = 0; i < network.nodes.size(); i++) {
            if (CLIENT.sliver(network.record(i), blob.metadata(), 5, SliverType.PRIMARY)
                    instanceof dev.vibrissa.verifier.node.Outcome.Answered<?>) {
                givers.add(i);
            }
        }
        return givers;
    }

    @Test
    void shardsMoveToTheirNextHolderAndThenLeaveTheFormer() throws Exception {
        int former = network.holderOf(blob.blobId(), 5);
        assertThat(givers()).containsExactly(former);

        network.epoch++;
        int next = network.holderOf(blob.blobId(), 5);
        assertThat(next).isNotEqualTo(former);
        assertThat(givers()).containsExactly(former); // which keeps it until the next one has it
        NodeHealth before = answered(CLIENT.health(network.record(next), true));
        assertThat(before.summary().inTransfer()).isEqualTo(before.summary().owned());
        assertThat(before.summary().readOnly()).isPositive();
        assertRefused(
                CLIENT.permanentConfirmation(network.record(next), blob.blobId(), network.epoch),
                Refusal.MISSING_SLIVERS,
                400,
                "MISSING_SLIVERS");

        for (int i = 0; i < 3; i++) {
            for (int from = 0; from < 3; from++) {
                Set<Integer> moved = network.shardsOf(i, network.epoch);
                moved.retainAll(network.shardsOf(from, network.epoch - 1));
                network.nodes.get(i).receive(moved, network.nodes.get(from));
            }
        }
        assertThat(givers()).containsExactlyInAnyOrder(former, next);
        answered(CLIENT.permanentConfirmation(network.record(next), blob.blobId(), network.epoch));

        for (int i = 0; i < 3; i++) {
            network.nodes.get(i).drop(network.shardsOf(i, network.epoch - 1));
        }
        assertThat(givers()).containsExactly(next);
        NodeHealth after = answered(CLIENT.health(network.record(next), true));
        assertThat(after.summary().ready()).isEqualTo(after.summary().owned());
        assertThat(after.summary().readOnly()).isZero();
        answered(CLIENT.metadata(network.record(former), network.config, blob.blobId()));
    }

    @Test
    void aNewNodeGetsMetadataOfAllBlobsWithItsShards() throws Exception {
        SimulatedNode emptied = network.nodes.get(1);
        emptied.drop(emptied.shards());
        network.statuses.put(blob.blobId(), new BlobStatus.Nonexistent(BlobStatus.Why.EXPIRED));
        emptied.sweep();
        network.register(blob.blobId());
        assertThat(emptied.blobs()).isEmpty();
        emptied.receive(Set.of(), network.nodes.get(0));
        answered(CLIENT.metadata(network.record(1), network.config, blob.blobId()));
    }

    @Test
    void aNodeHasItsSliversAgainAfterARestart() throws Exception {
        var before = network.nodes.get(0);
        Set<Integer> shards = before.shards();
        int port = Integer.parseInt(before.networkAddress().split(":")[1]);
        before.close();
        network.nodes.set(0, network.start(0, port));
        assertThat(network.nodes.get(0).shards()).isEqualTo(shards);
        answered(CLIENT.permanentConfirmation(network.record(0), blob.blobId(), TestNetwork.EPOCH));
        for (int pair = 0; pair < network.config.shards(); pair++) {
            if (network.holderOf(blob.blobId(), pair) == 0) {
                for (SliverType type : SliverType.values()) {
                    assertThat(answered(CLIENT.sliver(network.record(0), blob.metadata(), pair, type)))
                            .isEqualTo(blob.sliver(type, pair));
                }
            }
        }
    }

    @Test
    void blobsThatEndedAreSweptAndOthersStay() {
        EncodedBlob other = network.stored(32, 100);
        SimulatedNode node = network.nodes.get(2);
        network.statuses.put(other.blobId(), new BlobStatus.Nonexistent(BlobStatus.Why.DELETED));
        node.sweep();
        assertThat(node.blobs()).containsExactly(blob.blobId());
    }
}
