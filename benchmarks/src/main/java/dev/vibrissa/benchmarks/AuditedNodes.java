package dev.vibrissa.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.devnet.node.EncodedBlob;
import dev.vibrissa.devnet.node.NetworkView;
import dev.vibrissa.devnet.node.NodeIdentity;
import dev.vibrissa.devnet.node.SimulatedNode;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.status.BlobStatus;
import dev.vibrissa.protocol.walrus.status.EventId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.verifier.node.StorageNode;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A hundred honest storage nodes over TLS with a thousand shards, in a process of their own, so that what they spend is not
 * taken for the auditor's.
 */
final class AuditedNodes {
    static final int SHARDS = 1_000;
    static final int NODES = 100;
    static final long EPOCH = 7;
    static final String FILE = "network.json";
    static final String CERTIFICATES = "certificates.pem";

    private static final int MIB = 1 << 20;

    /** Of 1 MiB each; a last one has 32. */
    private static final int SMALL_BLOBS = 6;

    private static final ObjectMapper JSON = new ObjectMapper();

    private AuditedNodes() {}

    /** What an auditor finds on the chain. */
    record Known(List<Node> nodes, List<Blob> blobs) {
        static Known read(Path folder) throws IOException {
            return JSON.readValue(folder.resolve(FILE).toFile(), Known.class);
        }

        /** The blob of so many MiB. */
        BlobId blob(int mib) {
            return BlobId.parse(blobs.stream()
                    .filter(each -> each.sizeBytes() == (long) mib * MIB)
                    .findFirst()
                    .orElseThrow()
                    .id());
        }
    }

    record Blob(String id, long sizeBytes) {}

    record Node(String id, String address, String networkKey, String signingKey, List<Integer> shards) {
        StorageNode storageNode() {
            return new StorageNode(
                    SuiAddress.parse(id),
                    address,
                    Optional.of(new KeyBytes(HexFormat.of().parseHex(networkKey))),
                    new KeyBytes(HexFormat.of().parseHex(signingKey)));
        }
    }

    /** Every node sees all blobs certified, and keeps the shards that are its number modulo the number of nodes. */
    private record View(int number) implements NetworkView {
        @Override
        public long epoch() {
            return EPOCH;
        }

        @Override
        public Set<Integer> shards(long epoch) {
            return IntStream.range(0, SHARDS)
                    .filter(shard -> shard % NODES == number)
                    .boxed()
                    .collect(Collectors.toSet());
        }

        @Override
        public BlobStatus status(BlobId blobId) {
            return new BlobStatus.Permanent(
                    EPOCH + 50,
                    true,
                    Optional.of(new EventId(new Digest(new byte[32]), 0)),
                    new BlobStatus.DeletableCounts(0, 0),
                    Optional.of(1L));
        }

        @Override
        public boolean isRegistered(BlobId blobId, SuiAddress object) {
            return false;
        }

        @Override
        public boolean isDenied(BlobId blobId) {
            return false;
        }

        @Override
        public long events() {
            return 0;
        }

        @Override
        public long checkpoint() {
            return 0;
        }
    }

    /** Runs until its standard input ends; says {@code ready} once all nodes answer. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        var config = new EncodingConfig(SHARDS);
        var vertx = Vertx.vertx();
        var nodes = new ArrayList<SimulatedNode>();
        var known = new ArrayList<Node>();
        for (int i = 0; i < NODES; i++) {
            var view = new View(i);
            SimulatedNode node = SimulatedNode.start(
                    vertx, NodeIdentity.of("bench " + i, "127.0.0.1"), 0, folder.resolve("node-" + i), config, view);
            node.take(view.shards(EPOCH));
            nodes.add(node);
            known.add(new Node(
                    SuiAddress.parse("0x%x".formatted(0x1000 + i)).toString(),
                    node.networkAddress(),
                    HexFormat.of().formatHex(node.identity().networkPublicKey().toByteArray()),
                    HexFormat.of().formatHex(node.identity().publicKey().toByteArray()),
                    view.shards(EPOCH).stream().sorted().toList()));
        }
        var blobs = new ArrayList<Blob>();
        for (int i = 0; i <= SMALL_BLOBS; i++) {
            byte[] content = new byte[i == SMALL_BLOBS ? 32 * MIB : MIB];
            new Random(i).nextBytes(content);
            EncodedBlob blob = EncodedBlob.of(config, content);
            nodes.forEach(node -> node.store(blob));
            blobs.add(new Blob(blob.blobId().toString(), content.length));
        }
        Files.writeString(
                folder.resolve(CERTIFICATES),
                nodes.stream().map(node -> node.identity().certificatePem()).collect(Collectors.joining("\n")));
        JSON.writeValue(folder.resolve(FILE).toFile(), new Known(known, blobs));
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // The bench ends it by closing the pipe, or by ending itself.
        }
        System.exit(0);
    }
}
