package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;

/**
 * Asks storage nodes, and judges what they answer.
 *
 * <p>Every method blocks until the answer is judged or a deadline has passed, and is meant for virtual threads. None
 * throws for anything that a node does. An interrupt ends the exchange at once. Safe for use by several threads.
 *
 * <p>OkHttp carries it because it is the one small client that lets us choose the sockets (to vet an address at every
 * connect and to count what is read), resolve names ourselves, and trust one key per connection, all with HTTP/2.
 *
 * @see "walrus, crates/walrus-service/src/node/server.rs"
 */
public final class NodeClient {
    /** A status, a signed message or an error takes a few hundred bytes. */
    private static final int MAX_SMALL_JSON_BYTES = 16 << 10;

    /** 40 bytes for each of 1000 shards in detail, several times over. */
    private static final int MAX_HEALTH_BYTES = 256 << 10;

    private final NodeClientSettings settings;
    private final OkHttpClient http = Exchange.client();
    private final Map<SuiAddress, Semaphore> roomOfNodes = new ConcurrentHashMap<>();
    private final Semaphore roomForBodies;

    public NodeClient(NodeClientSettings settings) {
        this.settings = settings;
        this.roomForBodies = new Semaphore(settings.bodyBytesInFlight(), true);
    }

    /** Whether the node says that it has a blob's metadata. */
    public Outcome<StoredStatus> metadataStatus(StorageNode node, BlobId blobId) throws InterruptedException {
        return ask(node, Question.json("v1/blobs/%s/metadata/status".formatted(blobId), MAX_SMALL_JSON_BYTES))
                .then(body -> NodeJson.read(body, NodeJson::storedStatus));
    }

    /** What the node says of a blob's place on the chain. */
    public Outcome<ClaimedStatus> blobStatus(StorageNode node, BlobId blobId) throws InterruptedException {
        return ask(node, Question.json("v1/blobs/%s/status".formatted(blobId), MAX_SMALL_JSON_BYTES))
                .then(body -> NodeJson.read(body, NodeJson::blobStatus));
    }

    /**
     * The node's signed word that it keeps its part of a permanent blob.
     *
     * @param epoch of the committee that {@code node}'s signing key belongs to
     */
    public Outcome<Confirmation> permanentConfirmation(StorageNode node, BlobId blobId, long epoch)
            throws InterruptedException {
        return confirmation(
                node,
                "v1/blobs/%s/confirmation/permanent".formatted(blobId),
                new SignedStatement(epoch, blobId, Optional.empty()));
    }

    /**
     * The node's signed word that it keeps its part of a deletable blob.
     *
     * @param epoch of the committee that {@code node}'s signing key belongs to
     */
    public Outcome<Confirmation> deletableConfirmation(
            StorageNode node, BlobId blobId, SuiAddress objectId, long epoch) throws InterruptedException {
        return confirmation(
                node,
                "v1/blobs/%s/confirmation/deletable/%s".formatted(blobId, objectId),
                new SignedStatement(epoch, blobId, Optional.of(objectId)));
    }

    private Outcome<Confirmation> confirmation(StorageNode node, String path, SignedStatement due)
            throws InterruptedException {
        // Before asking: what cannot be judged need not be read.
        Optional<Failure> fault = NodeSignature.faultOfKey(node.signingKey());
        if (fault.isPresent()) {
            return unasked(node, fault.get());
        }
        return ask(node, Question.json(path, MAX_SMALL_JSON_BYTES))
                .then(body -> NodeJson.read(body, NodeJson::confirmation))
                .then(signed -> due.judge(signed, node.signingKey()));
    }

    /** How the node says it is. */
    public Outcome<NodeHealth> health(StorageNode node, boolean detailed) throws InterruptedException {
        var query = detailed ? List.of(Map.entry("detailed", "true")) : List.<Map.Entry<String, String>>of();
        var question = new Question("v1/health", query, Question.Form.JSON, MAX_HEALTH_BYTES, false);
        return ask(node, question).then(body -> NodeJson.read(body, NodeJson::health));
    }

    /** Asks, within the limits of what may be in flight. */
    Outcome<byte[]> ask(StorageNode node, Question question) throws InterruptedException {
        NodeAddress address;
        Optional<NetworkKey> key;
        try {
            address = NodeAddress.parse(node.networkAddress());
            key = node.networkKey().map(NetworkKey::of);
        } catch (IllegalArgumentException e) {
            return unasked(node, new Failure.UnusableRecord(String.valueOf(e.getMessage())));
        }
        Semaphore roomOfNode =
                roomOfNodes.computeIfAbsent(node.id(), _ -> new Semaphore(settings.inFlightPerNode(), true));
        int bytes = Math.min(question.bodyBytes(), settings.bodyBytesInFlight());
        long deadline = System.nanoTime() + settings.queueDeadline().toNanos();
        if (!acquire(roomOfNode, 1, deadline)) {
            return crowded(node, "%d exchanges with one node".formatted(settings.inFlightPerNode()));
        }
        try {
            if (!acquire(roomForBodies, bytes, deadline)) {
                return crowded(node, "%d bytes of bodies".formatted(settings.bodyBytesInFlight()));
            }
            try {
                return switch (new Exchange(http, settings, address, key, question).run()) {
                    case Exchange.Reply.Body(byte[] body, Traffic traffic) -> new Outcome.Answered<>(body, traffic);
                    case Exchange.Reply.Failed(Failure failure, Traffic traffic) ->
                        new Outcome.Failed<>(failure, traffic);
                };
            } catch (GeneralSecurityException e) {
                return unasked(node, new Failure.OwnFault("no TLS: " + e));
            } finally {
                roomForBodies.release(bytes);
            }
        } finally {
            roomOfNode.release();
        }
    }

    private static boolean acquire(Semaphore room, int permits, long deadlineNanos) throws InterruptedException {
        return room.tryAcquire(permits, deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private <T> Outcome<T> crowded(StorageNode node, String limit) {
        Duration waited = settings.queueDeadline();
        return unasked(node, new Failure.Crowded(limit, waited));
    }

    private static <T> Outcome<T> unasked(StorageNode node, Failure failure) {
        return new Outcome.Failed<>(failure, Traffic.none(node.networkKey().isPresent()));
    }
}
