package dev.vibrissa.server.conformance;

import static dev.vibrissa.server.conformance.Answers.JSON;
import static dev.vibrissa.server.conformance.Answers.inOrderOf;
import static dev.vibrissa.server.conformance.Answers.millis;
import static dev.vibrissa.server.conformance.Answers.pick;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** What the API answers about blobs, their objects, pools and owners. */
final class BlobAnswers {
    private final ApiClient api;

    BlobAnswers(ApiClient api) {
        this.api = api;
    }

    /** Every blob the API lists. */
    JsonNode status(JsonNode expected) {
        var timelines = new TreeMap<String, JsonNode>();
        for (JsonNode each : expected) {
            String blobId = each.path("blobId").asText();
            timelines.put(blobId, timeline(blobId, each.path("timeline")));
        }
        for (String blobId : blobIds()) {
            timelines.computeIfAbsent(blobId, id -> timeline(id, JSON.arrayNode()));
        }
        return inOrderOf(expected, "blobId", timelines);
    }

    /**
     * The status of a blob over time, asked wherever it may change: at the checkpoints of its own history, where an
     * epoch turns, at the expected changes, and just before each of them.
     */
    private ObjectNode timeline(String blobId, JsonNode expected) {
        var range = api.get("/v1/network").path("checkpoints");
        long first = range.path("first").asLong();
        long last = range.path("last").asLong();
        var moments = new TreeSet<Long>(List.of(first, last));
        expected.forEach(entry -> moments.add(entry.path("fromCheckpoint").asLong()));
        for (JsonNode epoch : api.list("/v1/epochs")) {
            if (epoch.path("started").isObject()) {
                moments.add(epoch.path("started").path("checkpoint").asLong());
            }
        }
        api.list("/v1/blobs/%s/history".formatted(blobId))
                .forEach(entry -> moments.add(entry.path("checkpoint").asLong()));
        for (long moment : List.copyOf(moments)) {
            moments.add(moment - 1);
        }
        var answer = JSON.objectNode().put("blobId", blobId);
        var timeline = answer.putArray("timeline");
        JsonNode before = JSON.nullNode();
        for (long moment : moments.subSet(first, true, last, true)) {
            var blob = api.get("/v1/blobs/%s?at=checkpoint:%d".formatted(blobId, moment));
            var status = JSON.objectNode();
            status.set("status", blob.path("nodeStatus"));
            if (blob.path("nodeStatus").asText().equals("nonexistent")) {
                status.set("why", blob.path("why"));
            }
            boolean neverSeen = blob.path("state").asText().equals("neverSeen");
            if (!neverSeen && !status.equals(before)) {
                var entry = JSON.objectNode().put("fromCheckpoint", moment);
                entry.set("epoch", blob.path("asOf").path("epoch"));
                entry.setAll(status);
                timeline.add(entry);
                before = status;
            }
        }
        return answer;
    }

    /** Totals over all blobs at the end, with one hash over all their statuses. */
    ObjectNode summary() {
        var lines = new TreeSet<String>();
        var byStatus = new TreeMap<String, Integer>();
        int objects = 0;
        for (String blobId : blobIds()) {
            var status = api.get("/v1/blobs/" + blobId).path("nodeStatus");
            objects += api.list("/v1/blobs/%s/objects".formatted(blobId)).size();
            lines.add(blobId + "\t" + status + "\n");
            byStatus.merge(
                    status.isTextual() ? status.asText() : status.fieldNames().next(), 1, Integer::sum);
        }
        var summary = JSON.objectNode().put("blobIds", lines.size()).put("blobObjects", objects);
        var counts = summary.putObject("statusAtEnd");
        byStatus.forEach(counts::put);
        return summary.put("statusAtEndSha256", sha256(String.join("", lines)));
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private Set<String> blobIds() {
        var ids = new TreeSet<String>();
        api.list("/v1/blobs").forEach(blob -> ids.add(blob.path("blobId").asText()));
        return ids;
    }

    /** Every object of every blob; as much of it as the scenario tells, which is all of it or a summary. */
    JsonNode objects(JsonNode expected) {
        boolean whole = expected.path(0).has("ownerHistory");
        var objects = new TreeMap<String, JsonNode>();
        for (String blobId : blobIds()) {
            for (JsonNode object : api.list("/v1/blobs/%s/objects".formatted(blobId))) {
                objects.put(object.path("objectId").asText(), whole ? life(object) : summary(object));
            }
        }
        return inOrderOf(expected, "objectId", objects);
    }

    private static ObjectNode life(JsonNode object) {
        var entry = pick(
                object,
                "objectId",
                "blobId",
                "kind",
                "storagePoolId",
                "deletable",
                "size",
                "encodedSize",
                "encodingType",
                "registeredEpoch",
                "certifiedEpoch",
                "eventBlob");
        for (String when : List.of("registered", "certified", "deleted")) {
            entry.set(when, occurrence(object.path(when)));
        }
        entry.set(
                "endEpochHistory", Answers.each(object.path("endEpochHistory"), "checkpoint", "tx", "endEpoch", "how"));
        entry.set("ownerHistory", Answers.each(object.path("ownerHistory"), "checkpoint", "tx", "owner"));
        entry.set(
                "attributesHistory", Answers.each(object.path("attributesHistory"), "checkpoint", "tx", "attributes"));
        entry.set("aliveAtEnd", object.path("alive"));
        return entry;
    }

    private static ObjectNode summary(JsonNode object) {
        var entry = pick(object, "objectId", "blobId", "kind", "deletable", "size", "endEpoch", "attributes");
        entry.set("registered", object.path("registered").path("checkpoint"));
        entry.set(
                "certified",
                object.path("certified").isObject() ? object.path("certified").path("checkpoint") : JSON.nullNode());
        if (object.path("kind").asText().equals("pooled")) {
            entry.putNull("endEpoch"); // the API tells the pool's; of its own it has none
        }
        entry.set("lastOwner", object.path("owner"));
        entry.set("aliveAtEnd", object.path("alive"));
        return entry;
    }

    private static JsonNode occurrence(JsonNode occurrence) {
        return occurrence.isObject()
                ? pick(occurrence, "checkpoint", "tx", "sender").put("timestampMs", millis(occurrence))
                : JSON.nullNode();
    }

    /** Shared blobs are found through the objects they hold. */
    JsonNode sharedBlobs(JsonNode expected) {
        var ids = new TreeSet<String>();
        expected.forEach(each -> ids.add(each.path("sharedBlobId").asText()));
        for (String blobId : blobIds()) {
            for (JsonNode object : api.list("/v1/blobs/%s/objects".formatted(blobId))) {
                for (JsonNode ownership : object.path("ownerHistory")) {
                    if (ownership.path("owner").path("kind").asText().equals("shared")) {
                        ids.add(ownership.path("owner").path("sharedBlobId").asText());
                    }
                }
            }
        }
        var answers = new TreeMap<String, JsonNode>();
        for (String id : ids) {
            var shared = api.get("/v1/shared-blobs/" + id);
            var entry = pick(shared, "sharedBlobId", "blobObjectId");
            entry.set("fundsHistory", Answers.each(shared.path("fundsHistory"), "checkpoint", "tx", "funds"));
            answers.put(id, entry);
        }
        return inOrderOf(expected, "sharedBlobId", answers);
    }

    /** Pools are found through their creation. */
    JsonNode storagePools(JsonNode expected) {
        boolean whole = expected.path(0).has("capacityHistory");
        var answers = new TreeMap<String, JsonNode>();
        for (JsonNode event : api.list("/v1/events?name=StoragePoolCreated")) {
            String id = event.path("fields").path("storage_pool_id").asText();
            var pool = api.get("/v1/storage-pools/" + id);
            answers.put(id, whole ? poolLife(pool) : poolSummary(pool));
        }
        return inOrderOf(expected, "poolId", answers);
    }

    private static ObjectNode poolLife(JsonNode pool) {
        var entry = pick(pool, "startEpoch", "endEpoch");
        entry.set("poolId", pool.path("storagePoolId"));
        entry.set("created", occurrence(pool.path("created")));
        entry.set("endEpochHistory", Answers.each(pool.path("endEpochHistory"), "checkpoint", "endEpoch"));
        entry.set(
                "capacityHistory",
                Answers.each(pool.path("capacityHistory"), "checkpoint", "tx", "reserved", "used", "blobCount"));
        entry.set("owners", Answers.each(pool.path("ownerHistory"), "checkpoint", "tx", "owner"));
        entry.set("destroyed", occurrence(pool.path("destroyed")));
        return entry;
    }

    private static ObjectNode poolSummary(JsonNode pool) {
        var entry = pick(pool, "endEpoch", "owner");
        entry.set("poolId", pool.path("storagePoolId"));
        var history = pool.path("capacityHistory");
        entry.set("last", pick(history.path(history.size() - 1), "checkpoint", "tx", "reserved", "used", "blobCount"));
        return entry;
    }

    /** Every address that ever owned a Blob, as of each checkpoint. */
    JsonNode ownersAt(JsonNode expected) {
        var addresses = new TreeSet<String>();
        for (String blobId : blobIds()) {
            for (JsonNode object : api.list("/v1/blobs/%s/objects".formatted(blobId))) {
                for (JsonNode ownership : object.path("ownerHistory")) {
                    var owner = ownership.path("owner");
                    if (owner.path("kind").asText().equals("address")) {
                        addresses.add(owner.path("address").asText());
                    }
                }
            }
        }
        var answer = JSON.arrayNode();
        for (JsonNode each : expected) {
            long checkpoint = each.path("checkpoint").asLong();
            var entry = answer.addObject().put("checkpoint", checkpoint);
            var byOwner = entry.putObject("byOwner");
            var wanted = new HashSet<String>(addresses);
            wanted.addAll(Answers.names(each.path("byOwner")));
            for (String address : wanted) {
                var owned = sorted(api.list("/v1/addresses/%s/blobs?at=checkpoint:%d".formatted(address, checkpoint)));
                if (!owned.isEmpty()) {
                    byOwner.set(address, owned);
                }
            }
        }
        return answer;
    }

    JsonNode expiryCalendarAt(JsonNode expected) {
        var answer = JSON.arrayNode();
        for (JsonNode each : expected) {
            long checkpoint = each.path("checkpoint").asLong();
            var calendar = api.get("/v1/expiry?at=checkpoint:%d".formatted(checkpoint));
            var entry = answer.addObject().put("checkpoint", checkpoint);
            entry.set("walrusEpoch", calendar.path("asOf").path("epoch"));
            var byEndEpoch = entry.putObject("byEndEpoch");
            for (JsonNode group : calendar.path("epochs")) {
                long endEpoch = group.path("endEpoch").asLong();
                byEndEpoch.set(
                        Long.toString(endEpoch),
                        sorted(api.list("/v1/expiry/%d?at=checkpoint:%d".formatted(endEpoch, checkpoint))));
            }
        }
        return answer;
    }

    private static ArrayNode sorted(Iterable<JsonNode> objects) {
        var ids = JSON.arrayNode();
        StreamSupport.stream(objects.spliterator(), false)
                .map(object -> object.path("objectId").asText())
                .sorted()
                .forEach(ids::add);
        return ids;
    }
}
