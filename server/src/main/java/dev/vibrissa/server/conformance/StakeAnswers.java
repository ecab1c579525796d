package dev.vibrissa.server.conformance;

import static dev.vibrissa.server.conformance.Answers.JSON;
import static dev.vibrissa.server.conformance.Answers.inOrderOf;
import static dev.vibrissa.server.conformance.Answers.pick;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/** What the API answers about stake and operators. */
final class StakeAnswers {
    private static final Comparator<JsonNode> CHAIN_ORDER = Comparator.<JsonNode>comparingLong(
                    each -> each.path("checkpoint").asLong())
            .thenComparingInt(each -> each.path("txIndex").asInt());

    /** The order in which a node's votes of one transaction are listed. */
    private static final List<String> VOTES = List.of("storagePrice", "writePrice", "nodeCapacity");

    private final ApiClient api;

    StakeAnswers(ApiClient api) {
        this.api = api;
    }

    JsonNode nodes(JsonNode expected) {
        var nodes = new TreeMap<String, JsonNode>();
        for (JsonNode operator : operators("")) {
            var entry = pick(operator, "nodeId");
            entry.setAll(pick(operator.path("registered"), "name", "cap", "operator"));
            nodes.put(operator.path("nodeId").asText(), entry);
        }
        return inOrderOf(expected, "nodeId", nodes);
    }

    JsonNode nodeInfoAtEnd(JsonNode expected) {
        var nodes = new TreeMap<String, JsonNode>();
        for (JsonNode operator : operators("")) {
            String node = operator.path("nodeId").asText();
            var profile = api.get("/v1/operators/" + node).path("profile");
            var entry = pick(operator, "nodeId");
            entry.setAll(pick(profile, "name", "networkAddress"));
            entry.set("metadata", pick(profile.path("metadata"), "imageUrl", "projectUrl", "description"));
            entry.set("networkPublicKeyHex", profile.path("networkPublicKey"));
            entry.set("publicKeyUncompressedHex", profile.path("publicKey"));
            entry.set("commissionReceiver", authorized(profile.path("commissionReceiver")));
            entry.set("governanceAuthorized", authorized(profile.path("governanceAuthorized")));
            nodes.put(node, entry);
        }
        return inOrderOf(expected, "nodeId", nodes);
    }

    private static ObjectNode authorized(JsonNode authorized) {
        return authorized.path("address").isTextual() ? pick(authorized, "address") : pick(authorized, "objectId");
    }

    /** Each name that took the place of another. */
    JsonNode nodeNames() {
        return ofOperators(node -> {
            var names = new ArrayList<JsonNode>();
            String before = "";
            for (JsonNode profile : api.list("/v1/operators/%s/history".formatted(node))) {
                String name = profile.path("name").asText();
                if (!before.isEmpty() && !name.equals(before)) {
                    names.add(of(node, profile, "checkpoint", "txIndex", "tx", "name"));
                }
                before = name;
            }
            return names;
        });
    }

    JsonNode priceVotes() {
        return ofOperators(node -> VOTES.stream()
                .flatMap(what -> api.list("/v1/operators/%s/votes?what=%s".formatted(node, what)).stream())
                .map(vote -> (JsonNode) of(node, vote, "checkpoint", "txIndex", "tx", "what", "value"))
                .sorted(CHAIN_ORDER.thenComparingInt(
                        vote -> VOTES.indexOf(vote.path("what").asText())))
                .toList());
    }

    JsonNode commissionChanges() {
        return ofOperators(node -> {
            var changes = new ArrayList<JsonNode>();
            api.get("/v1/operators/%s/commission".formatted(node))
                    .path("changes")
                    .forEach(each ->
                            changes.add(of(node, each, "checkpoint", "txIndex", "tx", "rate", "effectiveEpoch")));
            return changes;
        });
    }

    JsonNode commissionCollected() {
        return ofOperators(node -> {
            var collections = new ArrayList<JsonNode>();
            for (JsonNode each :
                    api.get("/v1/operators/%s/commission".formatted(node)).path("collections")) {
                if (each.path("how").asText().equals("collected")) {
                    var entry = of(node, each, "checkpoint", "txIndex", "tx", "amount");
                    entry.set("lockedAtThatTime", each.path("locked"));
                    collections.add(entry);
                }
            }
            return collections;
        });
    }

    private static ObjectNode of(String node, JsonNode from, String... names) {
        var entry = pick(from, names);
        entry.put("nodeId", node);
        return entry;
    }

    /** Rows of all operators in chain order. */
    private ArrayNode ofOperators(Function<String, List<JsonNode>> rows) {
        var all = new ArrayList<JsonNode>();
        operators("").forEach(each -> all.addAll(rows.apply(each.path("nodeId").asText())));
        all.sort(CHAIN_ORDER); // stable
        var answer = JSON.arrayNode();
        for (JsonNode each : all) {
            answer.add(((ObjectNode) each).without("txIndex"));
        }
        return answer;
    }

    JsonNode exchangeRates(JsonNode expected) {
        var rates = new TreeMap<String, JsonNode>();
        for (JsonNode operator : operators("")) {
            String node = operator.path("nodeId").asText();
            var entry = JSON.objectNode().put("nodeId", node);
            entry.set("activationEpoch", operator.path("pool").path("activationEpoch"));
            entry.set(
                    "rates",
                    Answers.each(api.list("/v1/operators/%s/rates".formatted(node)), "epoch", "wal", "shares", "flat"));
            rates.put(node, entry);
        }
        return inOrderOf(expected, "nodeId", rates);
    }

    /** By node as they are expected, and by epoch. */
    JsonNode stakerYields(JsonNode expected) {
        var nodes = new ArrayList<String>();
        expected.forEach(each -> nodes.add(each.path("nodeId").asText()));
        operators("").forEach(each -> nodes.add(each.path("nodeId").asText()));
        var answer = JSON.arrayNode();
        for (String node : nodes.stream().distinct().toList()) {
            for (JsonNode reward : api.list("/v1/operators/%s/rewards".formatted(node))) {
                if (reward.path("yield").isObject()) {
                    var entry = of(node, reward, "epoch");
                    entry.setAll((ObjectNode) reward.path("yield"));
                    answer.add(entry);
                }
            }
        }
        return answer;
    }

    /** Pools as of each expected checkpoint, in the order expected there. */
    JsonNode poolSnapshots(JsonNode expected) {
        var answer = JSON.arrayNode();
        for (JsonNode snapshot : expected) {
            long checkpoint = snapshot.path("checkpoint").asLong();
            var entry = answer.addObject().put("checkpoint", checkpoint);
            var pools = new TreeMap<String, JsonNode>();
            String at = "?at=checkpoint:" + checkpoint;
            operators(at).forEach(each -> pools.put(each.path("nodeId").asText(), pool(each)));
            entry.set("epoch", api.get("/v1/operators" + at).path("asOf").path("epoch"));
            entry.set("pools", inOrderOf(snapshot.path("pools"), "nodeId", pools));
        }
        return answer;
    }

    private static ObjectNode pool(JsonNode operator) {
        var pool = operator.path("pool");
        var commission = operator.path("commission");
        var entry = pick(operator, "nodeId", "name");
        entry.setAll(pick(pool, "walBalance", "numShares", "rewardsPool", "latestEpoch"));
        entry.set("commission", commission.path("balance"));
        entry.set("commissionLocked", commission.path("locked"));
        entry.set("commissionRate", commission.path("rate"));
        entry.set("pendingCommissionRate", pairs(commission.path("scheduled"), "rate"));
        for (String scheduled : List.of("pendingStake", "pendingSharesWithdraw", "preActiveWithdrawals")) {
            entry.set(scheduled, pairs(pool.path(scheduled), "amount"));
        }
        var rate = pool.path("rateOfThisEpoch");
        if (!rate.isObject()) {
            entry.put("rateOfThisEpoch", "none");
        } else if (rate.path("flat").asBoolean()) {
            entry.put("rateOfThisEpoch", "flat");
        } else {
            entry.set("rateOfThisEpoch", pick(rate, "wal", "shares"));
        }
        return entry;
    }

    private static ArrayNode pairs(JsonNode scheduled, String value) {
        var pairs = JSON.arrayNode();
        scheduled.forEach(each -> pairs.addArray().add(each.path("epoch")).add(each.path(value)));
        return pairs;
    }

    JsonNode positionSnapshots(JsonNode expected) {
        var answer = JSON.arrayNode();
        for (JsonNode snapshot : expected) {
            long checkpoint = snapshot.path("checkpoint").asLong();
            String at = "?at=checkpoint:" + checkpoint;
            var entry = answer.addObject().put("checkpoint", checkpoint);
            entry.set("epoch", api.get("/v1/stakes" + at).path("asOf").path("epoch"));
            var positions = entry.putArray("positions");
            for (JsonNode stake : api.list("/v1/stakes" + at)) {
                var position = pick(stake, "objectId");
                position.set("owner", orNull(stake.path("holder").path("address")));
                position.setAll(pick(stake, "heldInside", "nodeId", "principal", "activationEpoch", "withdrawEpoch"));
                position.set("accruedValue", stake.path("value"));
                positions.add(position);
            }
        }
        return answer;
    }

    private static JsonNode orNull(JsonNode value) {
        return value.isMissingNode() ? JSON.nullNode() : value;
    }

    JsonNode votingEnds() {
        var answer = JSON.arrayNode();
        for (JsonNode epoch : api.list("/v1/epochs")) {
            if (epoch.path("parametersSelected").isObject()) {
                var end = api.get(
                        "/v1/epochs/%d/candidates".formatted(epoch.path("epoch").asLong()));
                var entry = pick(end, "checkpoint", "tx", "nextEpoch", "capacity");
                var active = entry.putArray("activeSet");
                end.path("activeSet")
                        .forEach(each ->
                                active.addArray().add(each.path("nodeId")).add(each.path("stake")));
                var committee = entry.putArray("nextCommittee");
                end.path("nextCommittee")
                        .forEach(each -> committee
                                .addArray()
                                .add(each.path("nodeId"))
                                .add(each.path("weight"))
                                .add(each.path("shards")));
                answer.add(entry);
            }
        }
        return answer;
    }

    JsonNode stakes() {
        return operations("stake", each -> {
            var entry = pick(each, "checkpoint", "tx", "sender", "objectId", "nodeId", "amount");
            entry.set("activationEpoch", each.path("epoch"));
            return entry;
        });
    }

    JsonNode withdrawRequests() {
        return operations("request", each -> {
            var entry = pick(each, "checkpoint", "tx", "sender", "objectId", "nodeId");
            entry.set("principal", each.path("amount"));
            entry.set("withdrawEpoch", each.path("epoch"));
            return entry;
        });
    }

    JsonNode withdrawals() {
        return operations("withdraw", each -> {
            var entry = pick(each, "checkpoint", "tx", "sender", "objectId", "nodeId", "rewards");
            entry.set("principal", each.path("amount"));
            return entry;
        });
    }

    JsonNode splits() {
        return operations("split", each -> {
            var entry = pick(each, "checkpoint", "tx", "amount");
            entry.set("from", each.path("objectId"));
            entry.set("to", each.path("otherObjectId"));
            return entry;
        });
    }

    JsonNode joins() {
        return operations("join", each -> {
            var entry = pick(each, "checkpoint", "tx", "amount");
            entry.set("into", each.path("objectId"));
            entry.set("from", each.path("otherObjectId"));
            return entry;
        });
    }

    private ArrayNode operations(String kind, Function<JsonNode, ObjectNode> shape) {
        var answer = JSON.arrayNode();
        api.list("/v1/stake-operations?kind=" + kind).forEach(each -> answer.add(shape.apply(each)));
        return answer;
    }

    /** Every position that some operation names, and every one that is held now. */
    JsonNode positionHistory(JsonNode expected) {
        var ids = new HashSet<String>();
        expected.forEach(each -> ids.add(each.path("objectId").asText()));
        for (JsonNode each : api.list("/v1/stake-operations")) {
            ids.add(each.path("objectId").asText());
            if (each.path("otherObjectId").isTextual()) {
                ids.add(each.path("otherObjectId").asText());
            }
        }
        api.list("/v1/stakes").forEach(each -> ids.add(each.path("objectId").asText()));
        var positions = new HashMap<String, JsonNode>();
        ids.forEach(id -> positions.put(id, history(id)));
        return inOrderOf(expected, "objectId", positions);
    }

    private ObjectNode history(String id) {
        var entry = JSON.objectNode().put("objectId", id);
        var history = JSON.arrayNode();
        for (JsonNode version : api.get("/v1/stakes/" + id).path("history")) {
            entry.set("nodeId", version.path("nodeId"));
            String holder = version.path("holder").path("kind").asText();
            if (holder.equals("gone") || holder.equals("wrapped")) {
                history.add(pick(version, "checkpoint", "tx").put("gone", holder.equals("gone") ? "deleted" : holder));
            } else {
                var held = pick(version, "checkpoint", "tx");
                held.set("owner", version.path("holder"));
                held.setAll(pick(version, "principal", "activationEpoch", "withdrawEpoch"));
                history.add(held);
            }
        }
        entry.set("history", history);
        return entry;
    }

    private List<JsonNode> operators(String query) {
        return api.list("/v1/operators" + query);
    }
}
