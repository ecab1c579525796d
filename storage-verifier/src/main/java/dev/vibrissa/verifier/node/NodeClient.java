package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.NetworkKey;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.VerifiedMetadata;
import dev.vibrissa.verifier.node.Outcome.Judgement;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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

    /**
     * Bodies up to this do not wait for large ones: all JSON, and metadata of a thousand shards. Whoever stalls over
     * slivers must not keep us from asking others how they are.
     */
    static final int SMALL_BYTES = 256 << 10;

    /** Small bodies come to 128 MiB at worst, and what is made of them to a few times that. */
    static final int SMALL_IN_FLIGHT = 512;

    /** Of the room for large bodies, one node gets this part: else a few that stall would hold all of it. */
    private static final int NODES_SHARE = 4;

    /** What one node may take: of exchanges, and of bytes of large bodies. */
    private record RoomAtNode(Semaphore exchanges, Semaphore bodyBytes) {}

    /** Permits to take before asking. */
    private record Charge(Semaphore room, int permits, String limit) {}

    private final NodeClientSettings settings;
    private final OkHttpClient http;
    private final LookUps lookUps;
    private final Map<SuiAddress, RoomAtNode> roomAtNodes = new ConcurrentHashMap<>();
    private final Semaphore roomForBodies;
    private final Semaphore roomForSmall = new Semaphore(SMALL_IN_FLIGHT, true);

    public NodeClient(NodeClientSettings settings) {
        this(settings, Exchange.client());
    }

    /** With a client that may trust other authorities than this machine does: for tests. */
    NodeClient(NodeClientSettings settings, OkHttpClient http) {
        this.settings = settings;
        this.http = http;
        this.lookUps = new LookUps(settings.resolver(), LookUps.MOST);
        this.roomForBodies = new Semaphore(settings.bodyBytesInFlight(), true);
    }

    /**
     * The metadata of a blob, proven by the blob id. Whether its length is the one on the chain is for the caller to
     * compare.
     *
     * @param config of the committee's number of shards
     */
    public Outcome<VerifiedMetadata> metadata(StorageNode node, EncodingConfig config, BlobId blobId)
            throws InterruptedException {
        var due = new ProofDue.OfMetadata(config, blobId);
        return ask(node, Question.bcs("v1/blobs/%s/metadata".formatted(blobId), due.bytes(), false), due::judge);
    }

    /**
     * A sliver, proven by the blob's metadata.
     *
     * @param pair index of the sliver pair, 0 to n - 1
     * @throws IllegalArgumentException if {@code pair} is out of range, or such a sliver exceeds what may be in flight
     */
    public Outcome<Sliver> sliver(StorageNode node, VerifiedMetadata metadata, int pair, SliverType type)
            throws InterruptedException {
        var due = new ProofDue.OfSliver(metadata, pair, type);
        checkRoom(due.bytes());
        String path = sliverPath(metadata.blobId().toString(), pair, type);
        return ask(node, Question.bcs(path, (int) due.bytes(), true), due::judge);
    }

    /** Whether the node says that it has a sliver; for a pair index out of range it answers for another. */
    public Outcome<StoredStatus> sliverStatus(StorageNode node, BlobId blobId, int pair, SliverType type)
            throws InterruptedException {
        String path = sliverPath(blobId.toString(), pair, type) + "/status";
        return json(node, Question.json(path, MAX_SMALL_JSON_BYTES), NodeJson::storedStatus);
    }

    private static String sliverPath(String blobId, int pair, SliverType type) {
        return "v1/blobs/%s/slivers/%d/%s".formatted(blobId, pair, type.name().toLowerCase(Locale.ROOT));
    }

    /**
     * Symbols out of the node's slivers, each proven by the blob's metadata.
     *
     * @param source the kind of sliver to take them from, which the node must have
     * @param asked 1 to 100, no one twice
     * @throws IllegalArgumentException if {@code asked} is anything else, or the symbols exceed what may be in flight
     */
    public Outcome<Symbols> recoverySymbols(
            StorageNode node, VerifiedMetadata metadata, SliverType source, List<SymbolId> asked)
            throws InterruptedException {
        var due = new ProofDue.OfSymbols(metadata, source, asked);
        var query = new ArrayList<Map.Entry<String, String>>();
        asked.forEach(each -> query.add(Map.entry("id", each.toString())));
        query.add(Map.entry("proofAxis", source.name().toLowerCase(Locale.ROOT)));
        var question = new Question(
                "v1/blobs/%s/recoverySymbols".formatted(metadata.blobId()),
                query,
                Question.Form.BCS,
                due.bytes(),
                false);
        return ask(node, question, due::judge);
    }

    /** Whether the node says that it has a blob's metadata. */
    public Outcome<StoredStatus> metadataStatus(StorageNode node, BlobId blobId) throws InterruptedException {
        var question = Question.json("v1/blobs/%s/metadata/status".formatted(blobId), MAX_SMALL_JSON_BYTES);
        return json(node, question, NodeJson::storedStatus);
    }

    /** What the node says of a blob's place on the chain. */
    public Outcome<ClaimedStatus> blobStatus(StorageNode node, BlobId blobId) throws InterruptedException {
        var question = Question.json("v1/blobs/%s/status".formatted(blobId), MAX_SMALL_JSON_BYTES);
        return json(node, question, NodeJson::blobStatus);
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
    public Outcome<Confirmation> deletableConfirmation(StorageNode node, BlobId blobId, SuiAddress objectId, long epoch)
            throws InterruptedException {
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
            return unasked(fault.get());
        }
        return ask(
                node,
                Question.json(path, MAX_SMALL_JSON_BYTES),
                body -> NodeJson.read(body, NodeJson::confirmation)
                        .then(signed -> due.judge(signed, node.signingKey())));
    }

    /** How the node says it is. */
    public Outcome<NodeHealth> health(StorageNode node, boolean detailed) throws InterruptedException {
        var query = detailed ? List.of(Map.entry("detailed", "true")) : List.<Map.Entry<String, String>>of();
        var question = new Question("v1/health", query, Question.Form.JSON, MAX_HEALTH_BYTES, false);
        return json(node, question, NodeJson::health);
    }

    private <T> Outcome<T> json(StorageNode node, Question question, NodeJson.Reader<T> reader)
            throws InterruptedException {
        return ask(node, question, body -> NodeJson.read(body, reader));
    }

    /** Asks, within the limits of what may be in flight. */
    Outcome<byte[]> ask(StorageNode node, Question question) throws InterruptedException {
        return ask(node, question, Judgement.Held::new);
    }

    /** Asks, and judges the body; its bytes count as in flight until it is judged. */
    <T> Outcome<T> ask(StorageNode node, Question question, Function<byte[], Judgement<T>> judge)
            throws InterruptedException {
        NodeAddress address;
        Optional<NetworkKey> key;
        try {
            address = NodeAddress.parse(node.networkAddress());
            key = node.networkKey().map(NetworkKey::of);
        } catch (IllegalArgumentException e) {
            return unasked(new Failure.UnusableRecord(String.valueOf(e.getMessage())));
        }
        List<Charge> charges = charges(node, question.bodyBytes());
        long deadline = System.nanoTime() + settings.queueDeadline().toNanos();
        int taken = 0;
        try {
            for (Charge each : charges) {
                if (!each.room().tryAcquire(each.permits(), deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    return unasked(new Failure.Crowded(each.limit(), settings.queueDeadline()));
                }
                taken++;
            }
            return judged(new Exchange(http, settings, lookUps, address, key, question).run(), judge);
        } catch (GeneralSecurityException e) {
            return unasked(new Failure.OwnFault("no TLS: " + e));
        } finally {
            for (Charge each : charges.subList(0, taken)) {
                each.room().release(each.permits());
            }
        }
    }

    /** The node's own room first: who waits for a slow node must not hold what others could read into. */
    private List<Charge> charges(StorageNode node, int bodyBytes) {
        int share = Math.max(1, settings.bodyBytesInFlight() / NODES_SHARE);
        RoomAtNode atNode = roomAtNodes.computeIfAbsent(
                node.id(),
                _ -> new RoomAtNode(new Semaphore(settings.inFlightPerNode(), true), new Semaphore(share, true)));
        var exchange =
                new Charge(atNode.exchanges(), 1, "%d exchanges with one node".formatted(settings.inFlightPerNode()));
        if (bodyBytes <= SMALL_BYTES) {
            return List.of(exchange, new Charge(roomForSmall, 1, "%d small bodies".formatted(SMALL_IN_FLIGHT)));
        }
        checkRoom(bodyBytes);
        return List.of(
                exchange,
                // One that is larger than the share has it all, and is alone.
                new Charge(
                        atNode.bodyBytes(),
                        Math.min(bodyBytes, share),
                        "%d bytes of bodies of one node".formatted(share)),
                new Charge(roomForBodies, bodyBytes, "%d bytes of bodies".formatted(settings.bodyBytesInFlight())));
    }

    /** Less than it takes is not charged for anything. */
    private void checkRoom(long bodyBytes) {
        if (bodyBytes > Math.max(SMALL_BYTES, settings.bodyBytesInFlight())) {
            throw new IllegalArgumentException("an answer of %d bytes, where %d may be in flight"
                    .formatted(bodyBytes, settings.bodyBytesInFlight()));
        }
    }

    private static <T> Outcome<T> judged(Exchange.Reply reply, Function<byte[], Judgement<T>> judge) {
        return switch (reply) {
            case Exchange.Reply.Failed(Failure failure, Traffic traffic) ->
                new Outcome.Failed<>(failure, traffic, Bytes.EMPTY);
            case Exchange.Reply.Body(byte[] body, Traffic traffic) ->
                switch (judgement(body, judge)) {
                    case Judgement.Held<T>(T held) -> new Outcome.Answered<>(held, traffic, Bytes.of(body));
                    case Judgement.Failing<T>(Failure failure) ->
                        new Outcome.Failed<>(failure, traffic, Bytes.of(body));
                };
        };
    }

    private static <T> Judgement<T> judgement(byte[] body, Function<byte[], Judgement<T>> judge) {
        try {
            return judge.apply(body);
        } catch (RuntimeException | StackOverflowError e) {
            // Judges tell bad answers apart by values; one that trips over hostile bytes must not take the caller
            // along, nor excuse the node that sent them.
            return new Judgement.Failing<>(new Failure.Garbled(Phase.BODY, Texts.shown("while judging: " + e)));
        }
    }

    private static <T> Outcome<T> unasked(Failure failure) {
        return new Outcome.Failed<>(failure, Traffic.none(), Bytes.EMPTY);
    }
}
