package dev.vibrissa.devnet.node;

import static dev.vibrissa.devnet.node.NodeQuestionsTest.answered;
import static dev.vibrissa.devnet.node.NodeQuestionsTest.assertRefused;
import static dev.vibrissa.devnet.node.NodeQuestionsTest.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.verifier.node.Disproof;
import dev.vibrissa.verifier.node.Failure;
import dev.vibrissa.verifier.node.Limits;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.Outcome;
import dev.vibrissa.verifier.node.Phase;
import dev.vibrissa.verifier.node.Refusal;
import dev.vibrissa.verifier.node.StoredStatus;
import dev.vibrissa.verifier.node.SymbolId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the verifier's client finds at a node with a fault. */
@Timeout(60)
class FaultTest {
    /** The node with the fault; it holds {@code pair} of the blob. */
    private static final int NODE = 1;

    private static final NodeClient CLIENT = TestNetwork.client();

    private TestNetwork network;
    private EncodedBlob blob;
    private int pair;

    @BeforeEach
    void start(@TempDir Path folder) {
        network = new TestNetwork(folder, 10, 4);
        blob = network.stored(11, 20_000);
        pair = 0;
        while (network.holderOf(blob.blobId(), pair) != NODE) {
            pair++;
        }
    }

    @AfterEach
    void stop() throws Exception {
        network.close();
    }

    private Outcome<?> sliver(NodeClient client, SliverType type) throws InterruptedException {
        return client.sliver(network.record(NODE), blob.metadata(), pair, type);
    }

    private Outcome<?> confirmation(BlobId blobId) throws InterruptedException {
        return CLIENT.permanentConfirmation(network.record(NODE), blobId, TestNetwork.EPOCH);
    }

    private static NodeClient client(Limits limits) {
        return new NodeClient(TestNetwork.settings().withLimits(limits));
    }

    @Test
    void aNodeThatIsDownRefusesConnectionsUntilItIsUpAgain() throws Exception {
        String address = network.nodes.get(NODE).networkAddress();
        network.suffer(NODE, new Fault.Down());
        assertThat(failed(sliver(CLIENT, SliverType.PRIMARY)))
                .isInstanceOfSatisfying(
                        Failure.Unreachable.class,
                        unreachable -> assertThat(unreachable.obstacle()).isEqualTo(Failure.Obstacle.REFUSED));
        assertThat(network.nodes.get(NODE).sign(statement())).isEmpty();
        network.suffer(NODE);
        assertThat(network.nodes.get(NODE).networkAddress()).isEqualTo(address);
        answered(sliver(CLIENT, SliverType.PRIMARY));
        assertThat(network.nodes.get(NODE).sign(statement())).isPresent();
    }

    private CertificateMessage.BlobStored statement() {
        return new CertificateMessage.BlobStored(TestNetwork.EPOCH, blob.blobId(), Optional.empty());
    }

    @Test
    void anotherKeyIsSeenInTheHandshake() throws Exception {
        network.suffer(NODE, new Fault.WrongKey());
        assertThat(failed(sliver(CLIENT, SliverType.PRIMARY)))
                .isInstanceOfSatisfying(
                        Failure.WrongKey.class,
                        wrong -> assertThat(wrong.expected())
                                .isEqualTo(network.record(NODE)
                                        .networkKey()
                                        .orElseThrow()
                                        .toString()));
        network.suffer(NODE);
        answered(sliver(CLIENT, SliverType.PRIMARY));
    }

    @Test
    void aSlowAnswerIsLate() throws Exception {
        network.suffer(NODE, new Fault.Slow(Duration.ofSeconds(3)));
        var hasty = client(
                new Limits(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(20), 1, Duration.ZERO));
        assertThat(failed(sliver(hasty, SliverType.PRIMARY)))
                .isEqualTo(new Failure.TooLate(Phase.ANSWER, Duration.ofSeconds(1)));
        Outcome<?> patient = sliver(CLIENT, SliverType.PRIMARY);
        answered(patient);
    }

    @Test
    void drippingIsTooSlow() throws Exception {
        network.suffer(NODE, new Fault.Dripping(500));
        var measuring = client(new Limits(
                Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(20), 100_000, Duration.ofMillis(500)));
        assertThat(failed(sliver(measuring, SliverType.PRIMARY))).isInstanceOf(Failure.TooSlow.class);
    }

    @Test
    void aFastDripArrivesWhole() throws Exception {
        network.suffer(NODE, new Fault.Dripping(20_000));
        answered(sliver(CLIENT, SliverType.PRIMARY));
    }

    @Test
    void lostSliversAreNotFoundAndNotConfirmed() throws Exception {
        network.suffer(NODE, new Fault.LosingSlivers(1, 5));
        for (SliverType type : SliverType.values()) {
            assertRefused(sliver(CLIENT, type), Refusal.NOT_FOUND, 404, "SLIVER_NOT_FOUND");
        }
        assertThat(answered(CLIENT.sliverStatus(network.record(NODE), blob.blobId(), pair, SliverType.PRIMARY)))
                .isEqualTo(StoredStatus.NONEXISTENT);
        assertRefused(confirmation(blob.blobId()), Refusal.MISSING_SLIVERS, 400, "MISSING_SLIVERS");
    }

    @Test
    void lossesOfTwoLinesAddUpAndOfTwoDelaysTheFirstCounts() throws Exception {
        for (long seed : new long[] {0, 1}) { // in either order
            network.suffer(NODE, new Fault.LosingSlivers(seed, 5), new Fault.LosingSlivers(1 - seed, 6));
            assertRefused(sliver(CLIENT, SliverType.PRIMARY), Refusal.NOT_FOUND, 404, "SLIVER_NOT_FOUND");
            network.suffer(NODE, new Fault.Corrupt(seed, 5), new Fault.Corrupt(1 - seed, 6));
            assertThat(disproof(sliver(CLIENT, SliverType.PRIMARY))).isInstanceOf(Disproof.NotProven.class);
        }
        for (int first = 1; first < 20; first++) {
            var faults = new Faults();
            var slow = new Fault.Slow(Duration.ofSeconds(first));
            faults.set(List.of(slow, new Fault.Slow(Duration.ofSeconds(20))));
            assertThat(faults.of(Fault.Slow.class)).contains(slow);
        }
    }

    @Test
    void theFractionOfLostSliversFollowsFromTheSeed() {
        var losing = new Fault.LosingSlivers(0.25, 5);
        var other = new Fault.LosingSlivers(0.25, 6);
        int lost = 0;
        int differently = 0;
        for (int i = 0; i < 4000; i++) {
            boolean hit = losing.hits(blob.blobId(), SliverType.PRIMARY, i);
            assertThat(new Fault.LosingSlivers(0.25, 5).hits(blob.blobId(), SliverType.PRIMARY, i))
                    .isEqualTo(hit);
            lost += hit ? 1 : 0;
            differently += hit == other.hits(blob.blobId(), SliverType.PRIMARY, i) ? 0 : 1;
        }
        assertThat(lost).isBetween(900, 1100);
        assertThat(differently).isPositive();
    }

    @Test
    void aLyingNodeConfirmsWhatItLostAndWhatItNeverHad() throws Exception {
        network.suffer(NODE, new Fault.LosingSlivers(1, 5), new Fault.LyingConfirmations());
        assertRefused(sliver(CLIENT, SliverType.PRIMARY), Refusal.NOT_FOUND, 404, "SLIVER_NOT_FOUND");
        answered(confirmation(blob.blobId()));
        answered(confirmation(new BlobId(TestNetwork.filled(0x55))));
    }

    @Test
    void corruptSliversAndTheirSymbolsAreDisproven() throws Exception {
        network.suffer(NODE, new Fault.Corrupt(1, 5));
        for (SliverType type : SliverType.values()) {
            assertThat(disproof(sliver(CLIENT, type))).isInstanceOf(Disproof.NotProven.class);
        }
        assertThat(disproof(CLIENT.recoverySymbols(
                        network.record(NODE), blob.metadata(), SliverType.PRIMARY, List.of(new SymbolId(pair, 2)))))
                .isInstanceOf(Disproof.NotProven.class);
        answered(confirmation(blob.blobId()));
    }

    private static Disproof disproof(Outcome<?> outcome) {
        return ((Failure.Disproven) failed(outcome)).disproof();
    }

    @Test
    void aSliverOfAnotherPairWasNotAskedFor() throws Exception {
        network.suffer(NODE, new Fault.Foreign(Fault.Foreign.From.ANOTHER_PAIR));
        assertThat(disproof(sliver(CLIENT, SliverType.SECONDARY))).isInstanceOf(Disproof.NotAsked.class);
    }

    @Test
    void aSliverOfAnotherBlobIsNotProven() throws Exception {
        network.stored(12, 20_000);
        network.suffer(NODE, new Fault.Foreign(Fault.Foreign.From.ANOTHER_BLOB));
        assertThat(disproof(sliver(CLIENT, SliverType.SECONDARY))).isInstanceOf(Disproof.NotProven.class);
    }

    @Test
    void anOverloadedNodeIsBusyForEverything() throws Exception {
        network.suffer(NODE, new Fault.Overloaded());
        assertRefused(sliver(CLIENT, SliverType.PRIMARY), Refusal.BUSY, 503, "UNAVAILABLE");
        assertRefused(CLIENT.health(network.record(NODE), false), Refusal.BUSY, 503, "UNAVAILABLE");
    }

    @Test
    void aBlockingNodeHasEveryBlobOnItsList() throws Exception {
        network.suffer(NODE, new Fault.Blocking());
        assertRefused(sliver(CLIENT, SliverType.PRIMARY), Refusal.BLOCKED, 451, "FORBIDDEN_BLOB");
        answered(confirmation(blob.blobId()));
    }

    @Test
    void faultsAreOfOneNodeOnly() throws Exception {
        network.suffer(NODE, new Fault.Down());
        answered(CLIENT.permanentConfirmation(network.record(NODE + 1), blob.blobId(), TestNetwork.EPOCH));
        assertThat(network.nodes.get(NODE + 1).faults()).isEmpty();
        assertThat(network.nodes.get(NODE).faults()).isEqualTo(Set.of(new Fault.Down()));
    }
}
