package dev.vibrissa.verifier.node;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a node says about itself. Claims; useful to tell a node that recovers from one that has lost.
 *
 * @param publicKey the BLS key as the node writes it, not checked
 * @param nodeStatus such as {@code Active} or {@code RecoveryInProgress (7)}; the node's text, shortened
 * @param latestCheckpoint of Sui, that the node has seen
 * @param shards one by one, if asked for in detail
 */
public record NodeHealth(
        Optional<Duration> uptime,
        long epoch,
        String publicKey,
        String nodeStatus,
        EventProgress events,
        ShardSummary summary,
        Optional<Long> latestCheckpoint,
        List<Shard> shards) {
    /** Of Walrus's events: how many are done, and how many wait. */
    public record EventProgress(long persisted, long pending, Optional<Long> highestFinished) {}

    /** How many shards the node has, and in which states. */
    public record ShardSummary(long owned, long unknown, long ready, long inTransfer, long inRecovery, long readOnly) {}

    /**
     * @param owned whether the shard is the node's in this epoch
     * @param status such as {@code ready}; the node's text, shortened
     */
    public record Shard(long shard, String status, boolean owned) {}
}
