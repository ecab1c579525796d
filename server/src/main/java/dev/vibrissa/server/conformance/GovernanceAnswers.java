package dev.vibrissa.server.conformance;

import static dev.vibrissa.server.conformance.Answers.JSON;
import static dev.vibrissa.server.conformance.Answers.pick;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** What the API answers about votes, upgrades, slashing, deny lists and versions of the contracts. */
final class GovernanceAnswers {
    private static final Comparator<JsonNode> CHAIN_ORDER = Comparator.<JsonNode>comparingLong(
                    step -> step.path("checkpoint").asLong())
            .thenComparingInt(step -> step.path("txIndex").asInt());

    private final ApiClient api;

    GovernanceAnswers(ApiClient api) {
        this.api = api;
    }

    JsonNode upgrade() {
        var proposed = new Steps();
        var votes = new Steps();
        var authorized = new Steps();
        var published = new Steps();
        var committed = new Steps();
        var migrated = new Steps();
        var cleanedUp = new Steps();
        for (JsonNode each : api.list("/v1/governance/upgrades")) {
            if (each.path("proposed").isObject()) {
                proposed.add(each.path("proposed"), pick(each, "digest", "epoch", "targetVersion"));
            }
            for (JsonNode vote : each.path("votes")) {
                var entry = pick(vote, "nodeId", "weight", "totalWeight", "quorumReached");
                entry.set("sender", vote.path("step").path("sender"));
                votes.add(vote.path("step"), entry.setAll(pick(each, "digest", "epoch")));
            }
            if (each.path("ended").path("how").asText().equals("cleaned-up")) {
                cleanedUp.add(each.path("ended").path("step"), pick(each, "digest"));
            }
            var upgrade = each.path("upgrade");
            if (upgrade.isObject()) {
                var step = upgrade.path("committed");
                authorized.add(step, pick(each, "digest", "emergency"));
                published.add(step, pick(upgrade, "packageId", "packageVersion").setAll(pick(each, "digest")));
                committed.add(step, pick(upgrade, "packageId", "version"));
                var migration = upgrade.path("migration");
                if (migration.isObject()) {
                    migrated.add(
                            migration.path("step"),
                            pick(upgrade, "packageId", "version")
                                    .setAll(pick(migration, "systemInnerObject", "stakingInnerObject")));
                }
            }
        }
        var answer = JSON.objectNode();
        answer.set("proposed", proposed.inOrder());
        answer.set("votes", votes.inOrder());
        answer.set("authorized", authorized.inOrder());
        answer.set("published", published.inOrder());
        answer.set("committed", committed.inOrder());
        answer.set("migrated", migrated.inOrder());
        answer.set("cleanedUp", cleanedUp.inOrder());
        return answer;
    }

    JsonNode slashing() {
        var votes = new Steps();
        var executed = new Steps();
        var cleanedUp = new Steps();
        for (JsonNode each : api.list("/v1/governance/slashing")) {
            for (JsonNode vote : each.path("votes")) {
                var entry = pick(vote, "weight", "totalWeight", "quorumReached");
                entry.set("voter", vote.path("nodeId"));
                votes.add(vote.path("step"), entry.setAll(pick(each, "candidate", "epoch")));
            }
            var ended = each.path("ended");
            switch (ended.path("how").asText()) {
                case "executed" -> {
                    var entry = pick(ended, "burned", "supplyAfter");
                    entry.set("nodeId", each.path("candidate"));
                    executed.add(ended.path("step"), entry);
                }
                case "cleaned-up" -> cleanedUp.add(ended.path("step"), pick(each, "candidate"));
                default -> {}
            }
        }
        var answer = JSON.objectNode();
        answer.set("votes", votes.inOrder());
        answer.set("executed", executed.inOrder());
        answer.set("cleanedUp", cleanedUp.inOrder());
        return answer;
    }

    JsonNode denyLists() {
        var updates = new Steps();
        for (JsonNode each : api.list("/v1/governance/deny-lists")) {
            if (!each.path("announced").asBoolean()) {
                updates.add(each.path("step"), pick(each, "nodeId", "size", "sequence"));
            }
        }
        return updates.inOrder();
    }

    JsonNode contractAtEnd() {
        var states = api.list("/v1/governance/contracts");
        return states.isEmpty() ? JSON.objectNode() : pick(states.getLast(), "version", "packageId", "newPackageId");
    }

    JsonNode innerObjects() {
        var answer = JSON.objectNode();
        JsonNode before = JSON.nullNode();
        for (JsonNode state : api.list("/v1/governance/contracts")) {
            if (state.path("migrated").asBoolean()) {
                answer.set("beforeMigration", inner(before));
                answer.set("afterMigration", inner(state));
            }
            before = state;
        }
        return answer;
    }

    private static ObjectNode inner(JsonNode state) {
        var inner = JSON.objectNode();
        inner.set("system", state.path("systemInnerObject"));
        inner.set("staking", state.path("stakingInnerObject"));
        return inner;
    }

    /** Entries with the transactions that they belong to. */
    private static final class Steps {
        private final List<ObjectNode> entries = new ArrayList<>();

        void add(JsonNode step, JsonNode entry) {
            var placed = pick(step, "checkpoint", "tx", "txIndex");
            placed.setAll((ObjectNode) entry);
            entries.add(placed);
        }

        /** Within a transaction as they were added. */
        ArrayNode inOrder() {
            var ordered = JSON.arrayNode();
            Consumer<ObjectNode> add = entry -> ordered.add(entry.without("txIndex"));
            entries.stream().sorted(CHAIN_ORDER).forEach(add);
            return ordered;
        }
    }
}
