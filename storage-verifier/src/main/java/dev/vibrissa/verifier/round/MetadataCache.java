package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.VerifiedMetadata;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.Outcome;
import dev.vibrissa.verifier.node.StorageNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Metadata of blobs, proven by their ids, whoever gave it. Safe for use by several threads. */
final class MetadataCache {
    /** Of a thousand shards each takes some 150 kB in memory. */
    private static final int MOST = 256;

    /** More nodes than this are not asked for the metadata of one blob. */
    private static final int MOST_ASKED = 4;

    private final NodeClient client;
    private final EncodingConfig config;
    private final Budget budget;
    private final LinkedHashMap<BlobId, VerifiedMetadata> latest = new LinkedHashMap<>(MOST, 0.75f, true);

    MetadataCache(NodeClient client, EncodingConfig config, Budget budget) {
        this.client = client;
        this.config = config;
        this.budget = budget;
    }

    /**
     * @param nodes in the order in which to ask them
     * @return empty if none of those that were asked gave any
     */
    Optional<VerifiedMetadata> get(BlobId blobId, List<StorageNode> nodes) throws InterruptedException {
        synchronized (latest) {
            VerifiedMetadata known = latest.get(blobId);
            if (known != null) {
                return Optional.of(known);
            }
        }
        long most = Waves.metadataBytes(config);
        int asked = 0;
        for (StorageNode node : nodes) {
            if (asked == MOST_ASKED) {
                break;
            }
            if (!budget.take(node.id(), most)) {
                continue;
            }
            asked++;
            Outcome<VerifiedMetadata> outcome = client.metadata(node, config, blobId);
            budget.settle(node.id(), most, outcome.traffic().bodyBytes());
            if (outcome instanceof Outcome.Answered<VerifiedMetadata>(VerifiedMetadata metadata, var _, var _)) {
                synchronized (latest) {
                    latest.put(blobId, metadata);
                    if (latest.size() > MOST) {
                        latest.pollFirstEntry();
                    }
                }
                return Optional.of(metadata);
            }
        }
        return Optional.empty();
    }
}
