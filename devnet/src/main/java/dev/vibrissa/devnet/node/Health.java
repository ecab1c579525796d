package dev.vibrissa.devnet.node;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;

/** What a node says about itself. */
record Health(Slivers slivers, NodeIdentity identity, long startedNanos) {
    Answer answer(boolean detailed) {
        NetworkView chain = slivers.chain();
        // Numbered as in event blobs, where every checkpoint has an element of its own at its end.
        long elements = chain.events() + chain.checkpoint() + 1;
        Set<Integer> owned = new TreeSet<>(chain.shards(chain.epoch()));
        Set<Integer> kept = slivers.store().shards();
        long ready = owned.stream().filter(kept::contains).count();
        Set<Integer> others = new TreeSet<>(kept);
        others.removeAll(owned);
        var uptime = Duration.ofNanos(System.nanoTime() - startedNanos);
        var data = new JsonObject()
                .put("uptime", new JsonObject().put("secs", uptime.toSeconds()).put("nanos", uptime.toNanosPart()))
                .put("epoch", chain.epoch())
                .put(
                        "publicKey",
                        Base64.getEncoder()
                                .encodeToString(identity.compressedPublicKey().toByteArray()))
                .put("nodeStatus", owned.isEmpty() ? "Standby" : "Active")
                .put(
                        "eventProgress",
                        new JsonObject()
                                .put("persisted", elements)
                                .put("pending", 0)
                                .put("highestFinishedEventIndex", elements == 0 ? null : elements - 1))
                .put(
                        "shardSummary",
                        new JsonObject()
                                .put("owned", owned.size())
                                .put(
                                        "ownedShardStatus",
                                        new JsonObject()
                                                .put("unknown", 0)
                                                .put("ready", ready)
                                                .put("inTransfer", owned.size() - ready)
                                                .put("inRecovery", 0))
                                .put("readOnly", others.size()))
                .put("latestCheckpointSequenceNumber", chain.checkpoint());
        if (detailed) {
            var ownedDetail = new JsonArray();
            owned.forEach(shard -> ownedDetail.add(detail(shard, kept.contains(shard) ? "ready" : "inTransfer")));
            var otherDetail = new JsonArray();
            others.forEach(shard -> otherDetail.add(detail(shard, "readOnly")));
            data.put("shardDetail", new JsonObject().put("owned", ownedDetail).put("other", otherDetail));
        }
        return new Answer.Json(data);
    }

    private static JsonObject detail(int shard, String status) {
        return new JsonObject().put("shard", shard).put("status", status);
    }
}
