package dev.vibrissa.devnet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.object.BlsCommittee;
import dev.vibrissa.redstuff.BlobDecoder;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.verifier.node.Confirmation;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.Outcome;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A network of the usual size: 100 shards on twelve nodes. */
@Timeout(120)
class TwelveNodesTest {
    private static final int NODES = 12;
    private static final int SHARDS = 100;

    private static final NodeClient CLIENT = TestNetwork.client();

    private TestNetwork network;

    @BeforeEach
    void start(@TempDir Path folder) {
        network = new TestNetwork(folder, SHARDS, NODES);
    }

    @AfterEach
    void stop() throws Exception {
        network.close();
    }

    @Test
    void aBlobIsReadThroughTheWireThoughSomeNodesAreBad() throws Exception {
        int bytes = 50_000;
        EncodedBlob blob = network.stored(51, bytes);
        network.suffer(3, new Fault.LosingSlivers(0.5, 1), new Fault.LyingConfirmations());
        network.suffer(7, new Fault.Corrupt(1, 1));
        network.suffer(9, new Fault.Down());
        var slivers = new ArrayList<Sliver>();
        var bad = new ArrayList<Integer>();
        for (int pair = SHARDS - 1; slivers.size() < network.config.primarySymbols(); pair--) {
            int holder = network.holderOf(blob.blobId(), pair);
            switch (CLIENT.sliver(network.record(holder), blob.metadata(), pair, SliverType.PRIMARY)) {
                case Outcome.Answered<Sliver>(Sliver sliver, var _, var _) -> slivers.add(sliver);
                case Outcome.Failed<Sliver> _ -> bad.add(holder);
            }
        }
        assertThat(bad).contains(7, 9).isSubsetOf(3, 7, 9);
        byte[] decoded = new byte[bytes];
        new BlobDecoder(network.config).decode(slivers, MemorySegment.ofArray(decoded));
        assertThat(decoded).isEqualTo(TestNetwork.content(51, bytes));
    }

    @Test
    void confirmationsOfTheNodesCertifyABlob() throws Exception {
        EncodedBlob blob = network.stored(52, 1000);
        network.suffer(9, new Fault.Down());
        network.suffer(3, new Fault.LosingSlivers(1, 1));
        var signatures = new HashMap<SuiAddress, Bytes>();
        for (int i = 0; i < NODES; i++) {
            if (CLIENT.permanentConfirmation(network.record(i), blob.blobId(), TestNetwork.EPOCH)
                    instanceof Outcome.Answered<Confirmation>(Confirmation confirmation, var _, var _)) {
                signatures.put(TestNetwork.idOf(i), confirmation.signature());
            }
        }
        byte[] statement =
                new CertificateMessage.BlobStored(TestNetwork.EPOCH, blob.blobId(), Optional.empty()).encode();
        assertThat(CommitteeCertificate.of(committee(), CommitteeCertificate.Threshold.QUORUM, statement, signatures))
                .hasValueSatisfying(certificate ->
                        assertThat(certificate.signers()).containsExactly(0, 1, 2, 4, 5, 6, 7, 8, 10, 11));
    }

    private BlsCommittee committee() {
        return new BlsCommittee(
                IntStream.range(0, NODES)
                        .mapToObj(i -> new BlsCommittee.Member(
                                network.nodes.get(i).identity().publicKey(),
                                network.shardsOf(i, TestNetwork.EPOCH).size(),
                                TestNetwork.idOf(i)))
                        .toList(),
                SHARDS,
                TestNetwork.EPOCH,
                new KeyBytes(new byte[KeyBytes.G1_COMPRESSED]));
    }

    /** In memory stands which slivers there are, and no more. */
    @Test
    void hundredsOfBlobsTakeLittleMemory() {
        network.stored(60, 1000); // whatever is made once
        long before = usedBytes();
        int blobs = 200;
        for (int i = 1; i <= blobs; i++) {
            network.stored(60 + i, 1000);
        }
        assertThat(network.nodes).allSatisfy(node -> assertThat(node.blobs()).hasSize(1 + blobs));
        assertThat(usedBytes() - before).isLessThan(10 << 20);
    }

    private static long usedBytes() {
        var runtime = Runtime.getRuntime();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void nodesOfOneNetworkHaveDifferentKeysAndAddresses() {
        List<SimulatedNode> nodes = network.nodes;
        assertThat(nodes).extracting(SimulatedNode::networkAddress).doesNotHaveDuplicates();
        assertThat(nodes)
                .extracting(node ->
                        Map.entry(node.identity().publicKey(), node.identity().networkPublicKey()))
                .doesNotHaveDuplicates();
    }
}
