package dev.vibrissa.devnet.node;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.protocol.walrus.status.BlobStatus;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.SliverType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A storage node: it serves the node HTTP API over TLS, keeps slivers in a folder, signs confirmations, and has faults
 * while it is told to. Methods block, and are not for event loops. Safe for use by several threads.
 */
public final class SimulatedNode implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final NodeIdentity identity;
    private final SliverStore store;
    private final NetworkView chain;
    private final Faults faults = new Faults();
    private final BlobQuestions blobs;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final NodeServer server;

    private SimulatedNode(
            Vertx vertx, NodeIdentity identity, int port, Path folder, EncodingConfig config, NetworkView chain) {
        this.identity = identity;
        this.chain = chain;
        store = SliverStore.open(folder, config);
        var slivers = new Slivers(store, chain, faults);
        blobs = new BlobQuestions(slivers, identity);
        var routes = new NodeRoutes(
                new Answers(vertx, threads, faults),
                blobs,
                new SymbolQuestions(slivers),
                new Uploads(slivers, blobs),
                new Health(slivers, identity, System.nanoTime()));
        server = new NodeServer(vertx, identity, routes.router(vertx), port);
    }

    /**
     * Starts a node, with what its folder has from an earlier run.
     *
     * @param port 0 for any that is free
     * @param chain asked anew for each question; all of it may be empty at first
     * @throws IllegalStateException if nothing can listen there
     */
    public static SimulatedNode start(
            Vertx vertx, NodeIdentity identity, int port, Path folder, EncodingConfig config, NetworkView chain) {
        var node = new SimulatedNode(vertx, identity, port, folder, config, chain);
        boolean listens = false;
        try {
            node.await(node.server.turn(NodeServer.Door.OPEN));
            listens = true;
            return node;
        } finally {
            if (!listens) {
                node.threads.close();
            }
        }
    }

    public NodeIdentity identity() {
        return identity;
    }

    /** Host and port, as they are registered on the chain. */
    public String networkAddress() {
        return "%s:%d".formatted(identity.host(), server.port());
    }

    /** Blobs of which the node has at least the metadata. */
    public Set<BlobId> blobs() {
        return store.blobs();
    }

    /**
     * Stores metadata, and the slivers of the shards that are the node's in this epoch. Faults do not keep it out, as if a
     * node had recovered by itself what it missed while it was down.
     */
    public void store(EncodedBlob blob) {
        EncodingConfig config = store.config();
        store.put(
                blob.metadata(),
                chain.shards(chain.epoch()).stream()
                        .map(shard -> config.pairOf(shard, blob.metadata().blobId()))
                        .flatMap(pair -> Stream.of(SliverType.values()).map(type -> blob.sliver(type, pair)))
                        .toList());
    }

    /** The node's signature of a statement; empty if it does not agree to it now, or cannot be reached. */
    public Optional<Bytes> sign(CertificateMessage.BlobStored statement) {
        return server.door() == NodeServer.Door.OPEN && !faults.has(Fault.Overloaded.class)
                ? blobs.sign(statement)
                : Optional.empty();
    }

    /** Shards whose slivers the node has, also those of an epoch before. */
    public Set<Integer> shards() {
        return store.shards();
    }

    /** Begins shards without slivers: those of a new network, or after all their blobs were stored again. */
    public void take(Set<Integer> shards) {
        store.take(shards);
    }

    /** Copies those of the shards that {@code former} has, and the metadata of all its blobs; it still has them afterwards. */
    public void receive(Set<Integer> shards, SimulatedNode former) {
        store.receive(shards, former.store);
    }

    /**
     * Rebuilds what the shards lack of any blob from the slivers of others, as a node does that was down when a blob was
     * stored, or got a shard from one that was. A blob of which too little is left stays lost.
     */
    public void recover(Collection<Integer> shards, Collection<SimulatedNode> others) {
        var stores = others.stream().map(other -> other.store).toList();
        stores.stream()
                .flatMap(each -> each.blobs().stream())
                .distinct()
                .filter(blob -> chain.status(blob) instanceof BlobStatus.Permanent
                        || chain.status(blob) instanceof BlobStatus.Deletable)
                .forEach(blob -> store.recover(shards, blob, stores));
    }

    /** Removes shards with their slivers. */
    public void drop(Set<Integer> shards) {
        store.drop(shards);
    }

    /** Deletes blobs that are expired, deleted or invalid; also what was uploaded and never registered. */
    public void sweep() {
        for (BlobId blob : store.blobs()) {
            switch (chain.status(blob)) {
                case BlobStatus.Nonexistent _, BlobStatus.Invalid _ -> store.delete(blob);
                case BlobStatus.Permanent _, BlobStatus.Deletable _ -> {}
            }
        }
    }

    /** The faults of now. */
    public Set<Fault> faults() {
        return faults.present();
    }

    /**
     * Has these faults and no others from now on; returns when they are in effect.
     *
     * @throws IllegalStateException if the node's port was taken by somebody else while it was down; it is down still, with
     *     the faults it had
     */
    public synchronized void suffer(Collection<? extends Fault> next) {
        await(server.turn(door(next)));
        faults.set(next);
    }

    private static NodeServer.Door door(Collection<? extends Fault> faults) {
        if (faults.contains(new Fault.Down())) {
            return NodeServer.Door.CLOSED;
        }
        return faults.contains(new Fault.WrongKey()) ? NodeServer.Door.WRONG_KEY : NodeServer.Door.OPEN;
    }

    private void await(Future<Void> change) {
        try {
            change.toCompletionStage().toCompletableFuture().get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the node cannot listen at %s: %s".formatted(networkAddress(), e.getCause()), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the node at %s did not change within %s".formatted(networkAddress(), DEADLINE), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the node at %s changed".formatted(networkAddress()), e);
        }
    }

    /** Stops listening; the folder is complete at any time. */
    @Override
    public synchronized void close() {
        await(server.turn(NodeServer.Door.CLOSED));
        threads.close();
    }
}
