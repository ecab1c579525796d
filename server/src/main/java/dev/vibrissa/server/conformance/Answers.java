package dev.vibrissa.server.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the API answers, in the shapes of a scenario's known answers.
 *
 * <p>An expectation serves as a guide where to ask and in which order to list, never as a source of values: all values
 * come from the API, and what the API has beyond what is expected stands at the end and fails the comparison.
 */
final class Answers {
    static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ApiClient api;
    private final BlobAnswers blobs;
    private final MoneyAnswers money;
    private final StakeAnswers stake;
    private final GovernanceAnswers governance;

    Answers(ApiClient api) {
        this.api = api;
        this.blobs = new BlobAnswers(api);
        this.money = new MoneyAnswers(api);
        this.stake = new StakeAnswers(api);
        this.governance = new GovernanceAnswers(api);
    }

    /** The answer to one key of {@code expected.json}; empty if nothing here knows the key. */
    Optional<JsonNode> to(String key, JsonNode expected) {
        return Optional.ofNullable(
                switch (key) {
                    case "checkpoints" -> checkpoints();
                    case "transactions" -> api.get("/v1/network").path("transactions");
                    case "eventCounts" -> api.get("/v1/network").path("eventCounts");
                    case "walrusEpochs" -> walrusEpochs();
                    case "failedTransactions" -> failedTransactions();
                    case "events" -> events(expected);
                    case "certificates" -> certificates();
                    case "prices" -> money.prices();
                    case "payments" -> money.payments();
                    case "perTransaction" -> money.perTransaction(expected);
                    case "revenueCashByEpoch" -> money.revenueCashByEpoch();
                    case "revenueAccrualByEpoch" -> money.revenueAccrualByEpoch();
                    case "epochChanges" -> money.epochChanges();
                    case "subsidies" -> money.subsidies();
                    case "burns" -> money.burns();
                    case "supply" -> money.supply();
                    case "systemStates" -> money.systemStates(expected);
                    case "systemAtEnd" -> money.systemAtEnd();
                    case "walBalanceChanges" -> money.walBalanceChanges(expected);
                    case "committees" -> committees(expected);
                    case "blsCommitteeAtEnd" -> blsCommitteeAtEnd();
                    case "epochSync" -> epochSync();
                    case "mustNotExist" -> mustNotExist(expected);
                    case "summary" -> summary();
                    case "upgrade" -> governance.upgrade();
                    case "slashing" -> governance.slashing();
                    case "denyLists" -> governance.denyLists();
                    case "contractAtEnd" -> governance.contractAtEnd();
                    case "innerObjects" -> governance.innerObjects();
                    case "blobStatus" -> blobs.status(expected);
                    case "blobObjects" -> blobs.objects(expected);
                    case "sharedBlobs" -> blobs.sharedBlobs(expected);
                    case "storagePools" -> blobs.storagePools(expected);
                    case "ownersAt" -> blobs.ownersAt(expected);
                    case "expiryCalendarAt" -> blobs.expiryCalendarAt(expected);
                    case "nodes" -> stake.nodes(expected);
                    case "nodeInfoAtEnd" -> stake.nodeInfoAtEnd(expected);
                    case "nodeNames" -> stake.nodeNames();
                    case "priceVotes" -> stake.priceVotes();
                    case "commissionChanges" -> stake.commissionChanges();
                    case "commissionCollected" -> stake.commissionCollected();
                    case "exchangeRates" -> stake.exchangeRates(expected);
                    case "stakerYields" -> stake.stakerYields(expected);
                    case "poolSnapshots" -> stake.poolSnapshots(expected);
                    case "positionSnapshots" -> stake.positionSnapshots(expected);
                    case "votingEnds" -> stake.votingEnds();
                    case "stakes" -> stake.stakes();
                    case "withdrawRequests" -> stake.withdrawRequests();
                    case "withdrawals" -> stake.withdrawals();
                    case "splits" -> stake.splits();
                    case "joins" -> stake.joins();
                    case "positionHistory" -> stake.positionHistory(expected);
                    default -> null;
                });
    }

    private JsonNode checkpoints() {
        var range = api.get("/v1/network").path("checkpoints");
        return pick(range, "first", "last", "count", "lastDigest", "firstSuiEpoch", "lastSuiEpoch");
    }

    private JsonNode walrusEpochs() {
        var epochs = JSON.arrayNode();
        for (JsonNode epoch : api.list("/v1/epochs")) {
            if (epoch.path("started").isObject()) {
                var entry = JSON.objectNode();
                entry.set("epoch", epoch.path("epoch"));
                entry.set("startCheckpoint", epoch.path("started").path("checkpoint"));
                entry.set("startTx", epoch.path("started").path("tx"));
                entry.put("startMs", millis(epoch.path("started")));
                entry.set("doneCheckpoint", epoch.path("done").path("checkpoint"));
                entry.put("doneMs", millis(epoch.path("done")));
                epochs.add(entry);
            }
        }
        return epochs;
    }

    private JsonNode failedTransactions() {
        return each(api.list("/v1/transactions?failed=true"), "checkpoint", "tx", "sender", "error");
    }

    /** Events of strangers are expected not to be listed; they stand in the answer as long as they are not. */
    private JsonNode events(JsonNode expected) {
        var byPlace = new HashMap<String, JsonNode>();
        var answer = JSON.arrayNode();
        var listed = api.list("/v1/events");
        listed.forEach(event -> byPlace.put(place(event), event));
        for (JsonNode each : expected) {
            if (each.path("kind").asText().equals("foreign")) {
                answer.add(byPlace.containsKey(place(each)) ? byPlace.get(place(each)) : each);
                continue;
            }
            JsonNode found = byPlace.remove(place(each));
            if (found != null) {
                answer.add(event(found));
            }
        }
        for (JsonNode event : listed) {
            if (byPlace.containsKey(place(event))) {
                answer.add(event(event)); // not expected
            }
        }
        return answer;
    }

    private static String place(JsonNode event) {
        return event.path("tx").asText() + "/" + event.path("eventIndex").asText();
    }

    private static ObjectNode event(JsonNode event) {
        var entry = pick(
                event,
                "checkpoint",
                "tx",
                "txIndex",
                "eventIndex",
                "walrusOrdinal",
                "type",
                "emitter",
                "sender",
                "fields",
                "contentsHex");
        return entry.put("kind", event.path("known").asBoolean() ? "walrus" : "unknown-walrus");
    }

    private JsonNode certificates() {
        return each(api.list("/v1/certificates"), "checkpoint", "tx", "epoch", "messageType", "weight", "signers");
    }

    private JsonNode summary() {
        var summary = blobs.summary();
        summary.set("paidByKind", money.paidByKind());
        summary.set("revenueCashByEpoch", money.revenueCashByEpoch());
        summary.set("revenueAccrualByEpoch", money.revenueAccrualByEpoch());
        summary.set("systemAtEnd", money.systemAtEnd());
        summary.set("supply", money.supply());
        summary.set("epochChanges", money.epochChanges());
        return summary;
    }

    private JsonNode committees(JsonNode expected) {
        var committees = JSON.arrayNode();
        for (JsonNode epoch : api.list("/v1/epochs")) {
            if (epoch.path("started").isObject()) {
                var committee = api.get(
                        "/v1/epochs/%d/committee".formatted(epoch.path("epoch").asLong()));
                var entry = pick(committee, "epoch", "checkpoint");
                entry.set("members", each(committee.path("members"), "nodeId", "weight", "shards"));
                entry.set("moves", moves(expected.path(committees.size()).path("moves"), committee.path("moves")));
                committees.add(entry);
            }
        }
        return committees;
    }

    /** Which shards moved is a set: listed in the order of the expectation. */
    private static JsonNode moves(JsonNode expected, JsonNode moves) {
        if (!moves.isArray()) {
            return moves;
        }
        var byNodes = new TreeMap<String, JsonNode>();
        moves.forEach(
                move -> byNodes.put(move.path("from").asText() + move.path("to").asText(), move));
        var ordered = JSON.arrayNode();
        for (JsonNode each : expected) {
            JsonNode found =
                    byNodes.remove(each.path("from").asText() + each.path("to").asText());
            if (found != null) {
                ordered.add(found);
            }
        }
        byNodes.values().forEach(ordered::add);
        return ordered;
    }

    private JsonNode blsCommitteeAtEnd() {
        long epoch = api.get("/v1/network").path("asOf").path("epoch").asLong();
        var answer = JSON.objectNode().put("epoch", epoch);
        var members = answer.putArray("members");
        for (JsonNode member :
                api.get("/v1/epochs/%d/committee".formatted(epoch)).path("members")) {
            var entry = pick(member, "nodeId", "weight");
            entry.set("publicKeyUncompressedHex", member.path("publicKey"));
            members.add(entry);
        }
        return answer;
    }

    private JsonNode epochSync() {
        var reports = JSON.arrayNode();
        for (JsonNode epoch : api.list("/v1/epochs")) {
            if (epoch.path("started").isObject()) {
                var sync = api.get(
                        "/v1/epochs/%d/sync".formatted(epoch.path("epoch").asLong()));
                for (JsonNode report : sync.path("reports")) {
                    var entry = pick(report, "checkpoint", "tx", "nodeId", "shards", "completedQuorum");
                    entry.set("epoch", sync.path("epoch"));
                    entry.set("delayMs", report.path("delayMillis"));
                    reports.add(entry);
                }
            }
        }
        return reports;
    }

    /** What must not exist is listed again as long as the API has never seen it. */
    private JsonNode mustNotExist(JsonNode expected) {
        var answer = JSON.objectNode();
        var blobIds = answer.putArray("blobIdsOnlySeenInDecoysOrFailures");
        for (JsonNode blobId : expected.path("blobIdsOnlySeenInDecoysOrFailures")) {
            if (api.get("/v1/blobs/" + blobId.asText()).path("state").asText().equals("neverSeen")) {
                blobIds.add(blobId);
            }
        }
        var known = new TreeMap<Long, JsonNode>();
        api.list("/v1/epochs").forEach(epoch -> known.put(epoch.path("epoch").asLong(), epoch));
        var epochs = answer.putArray("epochsOnlySeenInDecoys");
        for (JsonNode epoch : expected.path("epochsOnlySeenInDecoys")) {
            if (!known.containsKey(epoch.asLong())) {
                epochs.add(epoch);
            }
        }
        return answer;
    }

    /** The named members, those that are missing left out. */
    static ObjectNode pick(JsonNode from, String... names) {
        var picked = JSON.objectNode();
        for (String name : names) {
            if (from.has(name)) {
                picked.set(name, from.get(name));
            }
        }
        return picked;
    }

    static ArrayNode each(Iterable<JsonNode> items, String... names) {
        var all = JSON.arrayNode();
        items.forEach(item -> all.add(pick(item, names)));
        return all;
    }

    static long millis(JsonNode occurrence) {
        return Instant.parse(occurrence.path("timestamp").asText()).toEpochMilli();
    }

    /** Orders {@code actual} as {@code expected} lists it; what is not expected comes last. */
    static ArrayNode inOrderOf(JsonNode expected, String key, Map<String, ? extends JsonNode> actual) {
        var rest = new TreeMap<String, JsonNode>(actual);
        var ordered = JSON.arrayNode();
        for (JsonNode each : expected) {
            JsonNode found = rest.remove(each.path(key).asText());
            if (found != null) {
                ordered.add(found);
            }
        }
        rest.values().forEach(ordered::add);
        return ordered;
    }

    static List<String> names(JsonNode object) {
        var names = new java.util.ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
