package dev.vibrissa.devnet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.devnet.contract.WalrusContracts;
import dev.vibrissa.devnet.ledger.Account;
import dev.vibrissa.devnet.node.Fault;
import dev.vibrissa.devnet.node.SimulatedNode;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.CertificateMessage.BlobStored;
import dev.vibrissa.protocol.walrus.StoragePoolEvent;
import dev.vibrissa.protocol.walrus.status.BlobStatus;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole network, whose time the test lets pass. */
@Timeout(180)
class SteppedDevnetTest {
    private static final Duration EPOCH = Duration.ofSeconds(10);

    @TempDir
    Path folder = Path.of("");

    /** Certified blobs that are alive, with the object that a deletable one is confirmed for. */
    private static Map<BlobId, Optional<SuiAddress>> certified(SteppedDevnet stepped) {
        var view = stepped.devnet().watch().of(Optional::empty);
        record Certified(BlobId blobId, Optional<SuiAddress> deletable) {}
        return stepped.events().stream()
                .<Certified>mapMulti((event, out) -> {
                    switch (event) {
                        case BlobEvent.BlobCertified e ->
                            out.accept(new Certified(
                                    e.blobId(), Optional.of(e.objectId()).filter(_ -> e.deletable())));
                        case BlobEvent.PooledBlobCertified e ->
                            out.accept(new Certified(
                                    e.blobId(), Optional.of(e.objectId()).filter(_ -> e.deletable())));
                        default -> {}
                    }
                })
                .filter(each -> !(view.status(each.blobId) instanceof BlobStatus.Nonexistent))
                .filter(each -> each.deletable
                        .filter(object -> !view.isRegistered(each.blobId, object))
                        .isEmpty())
                .collect(Collectors.toMap(Certified::blobId, Certified::deletable, (first, _) -> first));
    }

    private static void assertHeld(SteppedDevnet stepped, Map<BlobId, Optional<SuiAddress>> before) {
        assertHeld(stepped, before, -1);
    }

    /** @param down a node that nobody asks */
    private static void assertHeld(SteppedDevnet stepped, Map<BlobId, Optional<SuiAddress>> before, int down) {
        long epoch = stepped.epoch();
        var certified = certified(stepped);
        certified.keySet().retainAll(before.keySet());
        assertThat(certified).isNotEmpty();
        certified.forEach((blobId, deletable) -> {
            var nodes = new ArrayList<>(stepped.devnet().nodes());
            if (down >= 0) {
                nodes.remove(down);
            }
            for (SimulatedNode node : nodes) {
                assertThat(node.sign(new BlobStored(epoch, blobId, deletable)))
                        .as("%s by %s in epoch %d", blobId, node.networkAddress(), epoch)
                        .isPresent();
            }
        });
    }

    /** One run for three questions: twelve epochs are mostly the encoding of blobs. */
    @Test
    void inManyEpochsWhatLivesIsHeldAndRememberedAndTheRestIsClearedAway() throws Exception {
        try (var stepped = SteppedDevnet.open(folder, FaultScript.NONE)) {
            for (int epoch = 2; epoch <= 8; epoch++) {
                int next = epoch;
                stepped.until(() -> stepped.epoch() == next && stepped.isSynced());
                assertHeld(stepped, certified(stepped));
            }
            stepped.until(() -> stepped.epoch() == 12 && stepped.isSynced());
            for (int i = 0; i < 25; i++) {
                stepped.step();
            }
            assertExpiredBlobsAndEndedPoolsAreClearedAway(stepped);
            assertASecondStartReadsOnlyWhatStillLivesAndKnowsTheSame(stepped);
        }
    }

    /** In a second run: the same until the node is down, which it is when its shards are to be copied. */
    @Test
    void aHolderThatIsDownIsWaitedForAndThenGivenUp() {
        Duration change;
        int loser;
        try (var stepped = SteppedDevnet.open(folder.resolve("first"), FaultScript.NONE)) {
            stepped.until(() -> stepped.epoch() > 2 && loser(stepped).isPresent());
            change = stepped.age();
            loser = loser(stepped).getAsInt();
        }
        try (var stepped = SteppedDevnet.open(folder.resolve("short"), down(loser, change, Duration.ofSeconds(2)))) {
            stepped.until(() -> stepped.age().equals(change));
            var certified = certified(stepped);
            stepped.until(stepped::isSynced);
            assertThat(stepped.age()).isGreaterThanOrEqualTo(change.plusSeconds(2));
            assertHeld(stepped, certified);
        }
        try (var stepped = SteppedDevnet.open(folder.resolve("long"), down(loser, change, Duration.ofHours(1)))) {
            stepped.until(() -> stepped.age().equals(change));
            int members = stepped.staking().committee().shards().size();
            stepped.until(() -> stepped.synced() == members - 1);
            assertThat(stepped.age()).isBetween(change.plus(EPOCH.dividedBy(3)), change.plus(EPOCH));
            assertHeld(stepped, certified(stepped), loser); // rebuilt from what the others have
        }
    }

    @Test
    void aNodeThatIsDownFromTheBeginningHoldsUpNobody() {
        try (var stepped = SteppedDevnet.open(folder, FaultScript.parse("node 1 from 0s down"))) {
            stepped.until(() -> stepped.epoch() == 2);
        }
    }

    private void assertASecondStartReadsOnlyWhatStillLivesAndKnowsTheSame(SteppedDevnet stepped) throws Exception {
        var before = stepped.devnet().watch().of(Optional::empty);
        String[] from = Files.readString(folder.resolve("followed")).strip().split(" ", -1);
        assertThat(Long.parseLong(from[0])).isBetween(stepped.tip() / 4, stepped.tip());
        stepped.devnet().close();
        for (String text : List.of(String.join(" ", from), "torn")) {
            Files.writeString(folder.resolve("followed"), text);
            try (var again = stepped.reopened(FaultScript.NONE)) {
                var after = again.devnet().watch().of(Optional::empty);
                assertThat(after.events()).isEqualTo(before.events());
                certified(stepped).forEach((blobId, deletable) -> {
                    assertThat(after.status(blobId)).isEqualTo(before.status(blobId));
                    deletable.ifPresent(object ->
                            assertThat(after.isRegistered(blobId, object)).isTrue());
                });
            }
        }
    }

    private static void assertExpiredBlobsAndEndedPoolsAreClearedAway(SteppedDevnet stepped) {
        long epoch = stepped.epoch();
        assertThat(stepped.events()).anyMatch(event -> event instanceof StoragePoolEvent.StoragePoolCreated);
        var types = WalrusContracts.devnet().types();
        int blobs = 0;
        for (String owner : List.of("publisher-0", "publisher-1", "publisher-2", "pool-renter")) {
            var address = Account.of(7, owner).address();
            for (var blob : stepped.devnet().walrus().owned(address, types.blob)) {
                assertThat(blob.storage().endEpoch()).isGreaterThan(epoch);
                blobs++;
            }
            for (var pool : stepped.devnet().walrus().owned(address, types.storagePool)) {
                assertThat(stepped.devnet()
                                .walrus()
                                .state()
                                .storagePool(pool)
                                .storage()
                                .endEpoch())
                        .isGreaterThan(epoch);
            }
        }
        assertThat(blobs).isPositive();
    }

    @Test
    void theChainGoesOnAfterADiskWasFull() throws Exception {
        try (var stepped = SteppedDevnet.open(folder, FaultScript.NONE)) {
            stepped.step();
            Path inTheWay = Files.createDirectory(folder.resolve("checkpoints/2.binpb.zst.part"));
            stepped.step();
            stepped.step();
            assertThat(stepped.tip()).isEqualTo(1);
            Files.delete(inTheWay);
            stepped.until(() -> stepped.epoch() == 2 && stepped.isSynced());
        }
    }

    @Test
    void aNodeWhosePortIsTakenWhileItIsDownComesBackWhenItCan() throws Exception {
        var script = FaultScript.parse("node 1 from 1s to 2s down");
        try (var stepped = SteppedDevnet.open(folder, script)) {
            stepped.until(() -> stepped.age().equals(Duration.ofSeconds(1)));
            SimulatedNode node = stepped.devnet().nodes().get(1);
            assertThat(node.faults()).containsExactly(new Fault.Down());
            int port = Integer.parseInt(node.networkAddress().split(":", -1)[1]);
            try (var _ = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
                stepped.until(() -> stepped.age().equals(Duration.ofSeconds(3)));
                assertThat(stepped.tip()).isEqualTo(12);
                assertThat(node.faults()).as("it is still down").containsExactly(new Fault.Down());
            }
            stepped.until(() -> node.faults().isEmpty());
            new Socket("127.0.0.1", port).close();
        }
    }

    private static FaultScript down(int node, Duration from, Duration length) {
        return FaultScript.parse("node %d from %dms to %dms down"
                .formatted(node, from.toMillis(), from.plus(length).toMillis()));
    }

    /** A node whose shards partly go to others in this epoch. */
    private static OptionalInt loser(SteppedDevnet stepped) {
        var staking = stepped.staking();
        var addresses = stepped.devnet().nodeAddresses();
        return staking.previousCommittee().shards().entrySet().stream()
                .filter(entry -> !staking.committee()
                        .shards()
                        .getOrDefault(entry.getKey(), List.of())
                        .containsAll(entry.getValue()))
                .mapToInt(entry -> addresses.indexOf(stepped.devnet()
                        .walrus()
                        .state()
                        .pool(entry.getKey())
                        .nodeInfo()
                        .networkAddress()))
                .findFirst();
    }
}
