package dev.vibrissa.devnet.node;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.status.BlobStatus;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.verifier.node.AddressPolicy;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeClientSettings;
import dev.vibrissa.verifier.node.StorageNode;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Some nodes, and a chain for them that is but a few maps. Shards are dealt in turn. */
final class TestNetwork implements AutoCloseable {
    static final long EPOCH = 7;

    final EncodingConfig config;
    final List<SimulatedNode> nodes = new ArrayList<>();
    final Map<BlobId, BlobStatus> statuses = new ConcurrentHashMap<>();
    final Map<SuiAddress, BlobId> deletableObjects = new ConcurrentHashMap<>();
    final Set<BlobId> denied = ConcurrentHashMap.newKeySet();
    volatile long epoch = EPOCH;

    /** Counted down whenever a node asks for the status of a blob. */
    volatile CountDownLatch statusAsked = new CountDownLatch(0);

    private final Vertx vertx = Vertx.vertx();
    private final Path folder;
    private final int count;

    TestNetwork(Path folder, int shards, int nodes) {
        this.folder = folder;
        config = new EncodingConfig(shards);
        count = nodes;
        for (int i = 0; i < nodes; i++) {
            SimulatedNode node = start(i, 0);
            node.take(shardsOf(i, EPOCH));
            this.nodes.add(node);
        }
    }

    /** Starts a node on its folder. */
    SimulatedNode start(int i, int port) {
        var identity = NodeIdentity.of("node " + i, "127.0.0.1");
        return SimulatedNode.start(vertx, identity, port, folder.resolve("node-" + i), config, new View(i));
    }

    /** What a node has of a blob. */
    Path fileOf(int i, BlobId blobId) {
        return folder.resolve("node-" + i).resolve("blobs").resolve(blobId.toString());
    }

    /** With each epoch all shards move on to the next node. */
    Set<Integer> shardsOf(int node, long atEpoch) {
        return IntStream.range(0, config.shards())
                .filter(shard -> (shard + atEpoch) % count == node)
                .boxed()
                .collect(Collectors.toSet());
    }

    /** The node that has a pair in this epoch. */
    int holderOf(BlobId blobId, int pair) {
        return (int) ((config.shardOf(pair, EncodedBlob.codecId(blobId)) + epoch) % count);
    }

    /** A client as the verifier has it, that may go to this machine. */
    static NodeClient client() {
        return new NodeClient(settings());
    }

    static NodeClientSettings settings() {
        return NodeClientSettings.of(URI.create("https://example.org/"))
                .withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.1/32"));
    }

    /** A node as the chain would tell of it. */
    StorageNode record(int i) {
        SimulatedNode node = nodes.get(i);
        return new StorageNode(
                idOf(i),
                node.networkAddress(),
                Optional.of(node.identity().networkPublicKey()),
                node.identity().publicKey());
    }

    static SuiAddress idOf(int i) {
        return SuiAddress.parse("0x%x".formatted(0x1000 + i));
    }

    EncodedBlob encoded(long seed, int bytes) {
        return EncodedBlob.of(config, content(seed, bytes));
    }

    static byte[] content(long seed, int bytes) {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return content;
    }

    /** A blob that is certified, and on all nodes. */
    EncodedBlob stored(long seed, int bytes) {
        EncodedBlob blob = encoded(seed, bytes);
        register(blob.blobId());
        nodes.forEach(node -> node.store(blob));
        return blob;
    }

    void register(BlobId blobId) {
        statuses.put(blobId, permanent());
    }

    static BlobStatus permanent() {
        return new BlobStatus.Permanent(
                EPOCH + 5,
                true,
                Optional.of(new dev.vibrissa.protocol.walrus.status.EventId(
                        new dev.vibrissa.protocol.sui.Digest(filled(3)), 1)),
                new BlobStatus.DeletableCounts(2, 1),
                Optional.of(EPOCH));
    }

    static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    void suffer(int i, Fault... faults) {
        nodes.get(i).suffer(List.of(faults));
    }

    @Override
    public void close() throws Exception {
        nodes.forEach(SimulatedNode::close);
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private final class View implements NetworkView {
        private final int node;

        View(int node) {
            this.node = node;
        }

        @Override
        public long epoch() {
            return epoch;
        }

        @Override
        public Set<Integer> shards(long atEpoch) {
            return shardsOf(node, atEpoch);
        }

        @Override
        public BlobStatus status(BlobId blobId) {
            statusAsked.countDown();
            return statuses.getOrDefault(blobId, new BlobStatus.Nonexistent(BlobStatus.Why.NEVER));
        }

        @Override
        public boolean isRegistered(BlobId blobId, SuiAddress object) {
            return Optional.ofNullable(deletableObjects.get(object)).equals(Optional.of(blobId));
        }

        @Override
        public boolean isDenied(BlobId blobId) {
            return denied.contains(blobId);
        }

        @Override
        public long events() {
            return 12;
        }

        @Override
        public long checkpoint() {
            return 345;
        }
    }
}
