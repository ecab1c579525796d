package dev.vibrissa.verifier.node;

import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.SliverType;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.Protocol;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;

/**
 * A network that does nothing by itself: its chain is rows in a database, as the indexer would have left them, and its
 * nodes are real sockets behind {@linkplain Relay relays} that can be cut. Ten shards, two of each operator.
 */
public final class StillNetwork implements AutoCloseable {
    public static final long EPOCH = 7;

    private static final int SHARDS = EncodedBlob.CONFIG.shards();
    private static final int OPERATORS = 5;

    /** The chain's clock is ahead of everything: nothing is ever not yet indexed. */
    private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

    /** The same in every network of a run. */
    private static final Map<Integer, EncodedBlob> ENCODED = new ConcurrentHashMap<>();

    private final TestDatabase database = TestDatabase.migrated();
    private final Map<String, EncodedBlob> blobs = new TreeMap<>();
    private final List<Operator> operators = new ArrayList<>();
    private long tip;

    /** What an operator does instead of answering as it should; empty: what it should. */
    @FunctionalInterface
    public interface Conduct {
        Conduct HONEST = _ -> Optional.empty();

        Optional<MockResponse> instead(RecordedRequest request) throws InterruptedException;

        /** 404 to whatever has this in its path. */
        static Conduct without(String part) {
            return request -> request.getTarget().contains(part)
                    ? Optional.of(refusal(404, "NOT_FOUND", "STORAGE_NODE"))
                    : Optional.empty();
        }
    }

    /** One member of the committee. */
    public final class Operator implements AutoCloseable {
        private final int number;
        private final SuiAddress id;
        private final TestSigner signer;
        private final HeldCertificate certificate =
                FakeStorageNode.certificate().build();
        private FakeStorageNode node;
        private Relay relay;
        private volatile Conduct conduct = Conduct.HONEST;

        private Operator(int number) throws IOException {
            this.number = number;
            byte[] bytes = new byte[32];
            bytes[31] = (byte) (number + 1);
            id = new SuiAddress(bytes);
            signer = new TestSigner("the signing key of operator %d, for tests only".formatted(number));
            node = speaking(certificate);
            relay = new Relay(node.port());
        }

        private FakeStorageNode speaking(HeldCertificate under) {
            return FakeStorageNode.speaking(Protocol.HTTP_2, under, request -> {
                Optional<MockResponse> other = conduct.instead(request);
                return other.isPresent() ? other.get() : answer(request);
            });
        }

        public SuiAddress id() {
            return id;
        }

        public Relay relay() {
            return relay;
        }

        public void conduct(Conduct next) {
            conduct = next;
        }

        public Set<Integer> shards() {
            return IntStream.range(0, SHARDS)
                    .filter(shard -> shard % OPERATORS == number)
                    .boxed()
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** Paths with queries, as they came. */
        public List<String> asked() {
            return node.requests.stream().map(RecordedRequest::getTarget).toList();
        }

        private MockResponse answer(RecordedRequest request) {
            String[] path = request.getUrl().encodedPath().split("/");
            // "", v1, blobs, ID, what ...
            if (path.length < 5) {
                return json("{\"uptime\":{\"secs\":1,\"nanos\":0}}");
            }
            EncodedBlob blob = blobs.get(path[3]);
            if (blob == null) {
                return refusal(404, "NOT_FOUND", "STORAGE_NODE");
            }
            return switch (path[4]) {
                case "metadata" -> binary(blob.metadataBody);
                case "slivers" ->
                    binary(blob.sliver(
                                    path[6].equals("secondary") ? SliverType.SECONDARY : SliverType.PRIMARY,
                                    Integer.parseInt(path[5]))
                            .encode());
                case "recoverySymbols" -> {
                    String[] pairs = Objects.requireNonNull(request.getUrl().queryParameter("id"))
                            .split("-");
                    yield binary(EncodedBlob.body(List.of(blob.symbol(
                            SliverType.PRIMARY,
                            new SymbolId(Integer.parseInt(pairs[0]), Integer.parseInt(pairs[1]))))));
                }
                case "confirmation" -> confirmation(blob.id);
                default -> refusal(404, "NOT_FOUND", "STORAGE_NODE");
            };
        }

        private MockResponse confirmation(BlobId blob) {
            var message = new BcsWriter().u8(1).u8(0).u8(3).u32(EPOCH);
            blob.encode(message);
            byte[] signed = message.u8(0).toByteArray();
            return json("{\"signed\":{\"serializedMessage\":\"%s\",\"signature\":\"%s\"}}"
                    .formatted(base64(signed), base64(signer.sign(signed))));
        }

        @Override
        public void close() throws Exception {
            relay.close();
            node.close();
        }
    }

    /** @param blobCount of 3000 bytes each */
    public StillNetwork(int blobCount) throws Exception {
        for (int i = 0; i < blobCount; i++) {
            EncodedBlob blob = ENCODED.computeIfAbsent(i, seed -> new EncodedBlob(seed, 3_000));
            blobs.put(blob.id.toString(), blob);
        }
        for (int i = 0; i < OPERATORS; i++) {
            operators.add(new Operator(i));
        }
        try (Connection db = database.connect()) {
            db.setAutoCommit(false);
            sql(db, "insert into network (name, chain_evidence, n_shards) values ('custom', 'asserted', ?)", SHARDS);
            sql(db, "insert into source (kind, location) values ('directory', 'here')");
            sql(
                    db,
                    "insert into watermark (pipeline, first_checkpoint, last_checkpoint, last_digest)"
                            + " values ('blobs', 0, -1, ?)",
                    new byte[32]);
            sql(db, "delete from watermark where pipeline <> 'blobs'");
            for (Operator each : operators) {
                sql(
                        db,
                        """
                        insert into storage_node (node_id, name, network_address, network_public_key, public_key, changed_at)
                        values (?, ?, ?, ?, ?, 0)
                        """,
                        each.id.toByteArray(),
                        "operator " + each.number,
                        "127.0.0.1:" + each.relay.port(),
                        FakeStorageNode.keyOf(each.certificate).toByteArray(),
                        each.signer.publicKey().toByteArray());
            }
            committee(db, EPOCH, 0);
            for (EncodedBlob each : blobs.values()) {
                sql(db, """
                        insert into blob (blob_id, size, encoding_type, first_checkpoint, last_checkpoint, objects,
                          registered_until, certified_until, held_until, deletable, permanent, deny_listed, quilt)
                        values (?, 3000, 1, 0, 0, 1, 50, 50, 50, false, true, false, false)
                        """, each.id.toByteArray());
                sql(db, """
                        insert into blob_object (object_id, blob_id, kind, deletable, size, encoding_type, origin,
                          registered_epoch, registered_checkpoint, certified_epoch, certified_checkpoint, end_epoch,
                          event_blob, owner_kind, owner)
                        values (?, ?, 'own', false, 3000, 1, 'registered', 2, 0, 2, 0, 50, false, 'address', ?)
                        """, each.id.toByteArray(), each.id.toByteArray(), new byte[32]);
            }
            sql(
                    db,
                    "insert into epoch (epoch, running_since, start_checkpoint, done_checkpoint, n_shards)"
                            + " values (?, 0, 0, 0, ?)",
                    EPOCH,
                    SHARDS);
            db.commit();
        }
        reach(0);
    }

    /** @param shift by how many members each shard has moved on */
    private void committee(Connection db, long epoch, int shift) throws SQLException {
        for (Operator each : operators) {
            sql(
                    db,
                    "insert into committee_member (epoch, position, node_id, weight, public_key) values (?, ?, ?, 2, ?)",
                    epoch,
                    each.number,
                    each.id.toByteArray(),
                    each.signer.publicKey().toByteArray());
            for (int shard : each.shards()) {
                sql(
                        db,
                        "insert into shard_assignment (epoch, shard, node_id) values (?, ?, ?)",
                        epoch,
                        (shard + shift) % SHARDS,
                        each.id.toByteArray());
            }
        }
    }

    /** Has all operators keep a blob that the database does not know. */
    public BlobId keep(byte[] content) {
        var blob = new EncodedBlob(content);
        blobs.put(blob.id.toString(), blob);
        return blob.id;
    }

    /** Has all operators keep one whose slivers are not all of the same blob. */
    public BlobId keepInconsistent(byte[] content, byte[] other) {
        var blob = EncodedBlob.inconsistent(content, other);
        blobs.put(blob.id.toString(), blob);
        return blob.id;
    }

    public TestDatabase database() {
        return database;
    }

    public List<Operator> operators() {
        return operators;
    }

    /** A client that may connect to this machine, in a hurry. */
    public static NodeClientSettings settings() {
        return NodeClientSettings.of(URI.create("https://example.org/"))
                .withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.1/32"))
                .withLimits(new Limits(
                        Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10), 0, Duration.ZERO));
    }

    public long tip() {
        return tip;
    }

    /** Indexes checkpoints up to this one. */
    public void reach(long checkpoint) throws SQLException {
        try (Connection db = database.connect()) {
            db.setAutoCommit(false);
            for (long each = tip == 0 ? 0 : tip + 1; each <= checkpoint; each++) {
                byte[] digest = new byte[32];
                digest[0] = (byte) each;
                digest[1] = (byte) (each >> 8);
                digest[31] = 1;
                sql(db, """
                        insert into checkpoint (sequence_number, digest, sui_epoch, checkpoint_at, transactions, failed,
                          walrus_events, verification, source_id)
                        values (?, ?, 0, ?, 0, 0, 0, 'unverified', 1) on conflict do nothing
                        """, each, digest, LATER.plusMillis(each).atOffset(ZoneOffset.UTC));
                sql(db, "update watermark set last_checkpoint = ?, last_digest = ?", each, digest);
            }
            db.commit();
        }
        tip = checkpoint;
    }

    /** Begins the next epoch, in which every shard is another member's, and does not end the change. */
    public void beginNextEpoch() throws SQLException {
        try (Connection db = database.connect()) {
            committee(db, EPOCH + 1, 1);
            sql(
                    db,
                    "insert into epoch (epoch, running_since, start_checkpoint, n_shards) values (?, ?, ?, ?)",
                    EPOCH + 1,
                    tip,
                    tip,
                    SHARDS);
        }
    }

    public void endEpochChange() throws SQLException {
        try (Connection db = database.connect()) {
            sql(db, "update epoch set done_checkpoint = ? where epoch = ?", tip, EPOCH + 1);
        }
    }

    /** What the chain says of where an operator is. */
    public void moveTo(Operator operator, String address) throws SQLException {
        try (Connection db = database.connect()) {
            sql(
                    db,
                    "update storage_node set network_address = ? where node_id = ?",
                    address,
                    operator.id.toByteArray());
        }
    }

    /** In the epoch before, what are this operator's shards were the next one's. */
    public void tookOver(Operator operator) throws SQLException {
        try (Connection db = database.connect()) {
            sql(
                    db,
                    """
                    insert into shard_assignment (epoch, shard, node_id)
                    select epoch - 1, shard, case when node_id = ? then ? else node_id end from shard_assignment
                    """,
                    operator.id.toByteArray(),
                    operators.get((operator.number + 1) % OPERATORS).id.toByteArray());
        }
    }

    /** An operator tells the chain that it has its shards of the epoch. */
    public void report(Operator operator) throws SQLException {
        try (Connection db = database.connect()) {
            sql(db, """
                    insert into shards_received (epoch, tx_digest, walrus_ordinal, checkpoint, received_at, node_id, shards,
                      completed_quorum) values (?, ?, 0, 0, now(), ?, 2, false)
                    """, EPOCH, new byte[32], operator.id.toByteArray());
        }
    }

    /** An operator gets another TLS key, and a new door, and tells the chain of both. */
    public void changeKey(Operator operator) throws Exception {
        operator.close();
        HeldCertificate next = FakeStorageNode.certificate().build();
        operator.node = operator.speaking(next);
        operator.relay = new Relay(operator.node.port());
        moveTo(operator, "127.0.0.1:" + operator.relay.port());
        try (Connection db = database.connect()) {
            sql(
                    db,
                    "update storage_node set network_public_key = ? where node_id = ?",
                    FakeStorageNode.keyOf(next).toByteArray(),
                    operator.id.toByteArray());
        }
    }

    private static void sql(Connection db, String sql, Object... values) throws SQLException {
        try (var statement = db.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static MockResponse json(String data) {
        return new MockResponse.Builder()
                .addHeader("Content-Type", "application/json")
                .body("{\"success\":{\"code\":200,\"data\":%s}}".formatted(data))
                .build();
    }

    private static MockResponse binary(byte[] body) {
        return new MockResponse.Builder()
                .addHeader("Content-Type", "application/octet-stream")
                .body(new Buffer().write(body))
                .build();
    }

    /** As nodes refuse, with a reason. */
    public static MockResponse refusal(int status, String reason, String domain) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", "application/json")
                .body(
                        "{\"error\":{\"code\":%d,\"status\":\"%s\",\"message\":\"no\",\"details\":[{\"@type\":\"ErrorInfo\","
                                        .formatted(status, reason)
                                + "\"reason\":\"%s\",\"domain\":\"%s\"}]}}".formatted(reason, domain))
                .build();
    }

    @Override
    public void close() throws Exception {
        for (Operator each : operators) {
            each.close();
        }
        database.close();
    }
}
