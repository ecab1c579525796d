package dev.vibrissa.server.conformance;

import static dev.vibrissa.server.conformance.Answers.JSON;
import static dev.vibrissa.server.conformance.Answers.pick;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What the API answers about money, in the shapes of a scenario's known answers. */
final class MoneyAnswers {
    /** The kinds of subsidy as scenarios call them. */
    private static final Map<String, String> SUBSIDIES =
            Map.of("usage_subsidy", "usageSubsidy", "add_subsidy", "addSubsidy", "legacy_subsidy", "legacySubsidy");

    private final ApiClient api;

    MoneyAnswers(ApiClient api) {
        this.api = api;
    }

    ArrayNode payments() {
        var payments = JSON.arrayNode();
        for (JsonNode each : api.list("/v1/payments?source=user")) {
            var entry = pick(each, "checkpoint", "tx", "txIndex", "sender", "what", "epoch", "bytes", "units");
            entry.putObject("paidFrom").set(each.path("payerKind").asText(), each.path("payer"));
            entry.set("total", each.path("amount"));
            entry.set("perEpoch", perEpoch(each, "perEpoch"));
            entry.set("object", each.path("objectId"));
            // The scenarios leave out which pool a purchase made.
            boolean made = each.path("what").asText().equals("create_storage_pool");
            entry.set("storagePool", made ? JSON.nullNode() : each.path("storagePoolId"));
            payments.add(entry);
        }
        return payments;
    }

    /** Amounts by epoch, where neighbouring epochs with the same amount are one. */
    private static ArrayNode perEpoch(JsonNode run, String amount) {
        var pairs = JSON.arrayNode();
        for (long epoch = run.path("firstEpoch").asLong();
                epoch < run.path("endEpoch").asLong();
                epoch++) {
            pairs.addArray().add(epoch).add(run.path(amount));
        }
        return pairs;
    }

    private static ArrayNode perEpoch(JsonNode runs, String amount, boolean withZero) {
        var pairs = JSON.arrayNode();
        for (JsonNode run : runs) {
            if (withZero || !run.path(amount).asText().equals("0")) {
                pairs.addAll(perEpoch(run, amount));
            }
        }
        return pairs;
    }

    /** Scenarios list users' transactions before those of others; each is there once. */
    ArrayNode perTransaction(JsonNode expected) {
        var inflows = new LinkedHashMap<String, JsonNode>();
        for (JsonNode each : api.list("/v1/payments/transactions")) {
            var entry = pick(each, "checkpoint", "tx", "sender", "userInflow", "subsidyInflow");
            entry.set("rewardsDelta", perEpoch(each.path("accounts"), "rewards", false));
            entry.set("usedDelta", perEpoch(each.path("accounts"), "usedCapacity", false));
            inflows.put(each.path("tx").asText(), entry);
        }
        return Answers.inOrderOf(expected, "tx", inflows);
    }

    ObjectNode paidByKind() {
        var sums = new TreeMap<String, BigInteger>();
        for (JsonNode each : api.list("/v1/payments?source=user")) {
            sums.merge(
                    each.path("what").asText(),
                    new BigInteger(each.path("amount").asText()),
                    BigInteger::add);
        }
        var kinds = JSON.objectNode();
        sums.forEach((what, sum) -> kinds.put(what, sum.toString()));
        return kinds;
    }

    ObjectNode revenueCashByEpoch() {
        var epochs = JSON.objectNode();
        for (JsonNode each : api.list("/v1/revenue")) {
            var cash = kinds(each.path("cash"), each.path("cashFromUsers"));
            if (!cash.isEmpty()) {
                epochs.set(each.path("epoch").asText(), cash);
            }
        }
        return epochs;
    }

    ObjectNode revenueAccrualByEpoch() {
        var epochs = JSON.objectNode();
        for (JsonNode each : api.list("/v1/revenue")) {
            var accrual = kinds(each.path("accrual"), each.path("accrualFromUsers"));
            if (!each.path("carriedFromPreviousEpoch").isNull()) {
                accrual.set("carriedFromPreviousEpoch", each.path("carriedFromPreviousEpoch"));
            }
            epochs.set(each.path("epoch").asText(), accrual);
        }
        return epochs;
    }

    private static ObjectNode kinds(JsonNode amounts, JsonNode fromUsers) {
        var kinds = JSON.objectNode();
        boolean anyUser = false;
        for (var amount : amounts.properties()) {
            anyUser |= !SUBSIDIES.containsKey(amount.getKey());
            kinds.set(SUBSIDIES.getOrDefault(amount.getKey(), amount.getKey()), amount.getValue());
        }
        if (anyUser) {
            kinds.set("userTotal", fromUsers);
        }
        return kinds;
    }

    ArrayNode epochChanges() {
        var changes = JSON.arrayNode();
        for (JsonNode epoch : api.list("/v1/epochs")) {
            if (epoch.path("started").isObject()) {
                var change = api.get(
                        "/v1/epochs/%d/change".formatted(epoch.path("epoch").asLong()));
                var entry = pick(
                        change,
                        "pot",
                        "burn",
                        "distributed",
                        "usedCapacityOfEndedEpoch",
                        "totalCapacity",
                        "usedCapacity");
                entry.set("toEpoch", change.path("epoch"));
                entry.set("checkpoint", change.path("changed").path("checkpoint"));
                entry.set("tx", change.path("changed").path("tx"));
                entry.set("leftoverToNewEpoch", change.path("leftover"));
                entry.set("rewards", change.path("rewards"));
                changes.add(entry);
            }
        }
        return changes;
    }

    ArrayNode prices() {
        return Answers.each(
                api.list("/v1/prices"), "checkpoint", "tx", "txIndex", "epoch", "storagePrice", "writePrice");
    }

    ObjectNode subsidies() {
        var subsidies = JSON.objectNode();
        var funded = subsidies.putArray("funded");
        var rates = subsidies.putArray("rates");
        var processed = subsidies.putArray("processed");
        for (JsonNode state : api.list("/v1/subsidies")) {
            if (!state.path("funded").asText().equals("0")) {
                var entry = pick(state, "checkpoint", "tx");
                entry.set("amount", state.path("funded"));
                funded.add(entry);
            }
            for (JsonNode what : state.path("changed")) {
                var entry = pick(state, "checkpoint", "tx");
                entry.set("what", what);
                entry.put("value", state.path(what.asText()).asText());
                rates.add(entry);
            }
            if (state.path("processed").isObject()) {
                processed.add(payout(state, state.path("processed")));
            }
        }
        subsidies.set("direct", direct());
        return subsidies;
    }

    private static ObjectNode payout(JsonNode state, JsonNode processed) {
        var entry = pick(state, "checkpoint", "tx");
        entry.set("fixedForEpoch", processed.path("fixedForEpoch"));
        entry.set("fixedIsLocked", processed.path("fixedIsLocked"));
        entry.set("poolAfter", state.path("pool"));
        var fixed = entry.putArray("fixed");
        processed
                .path("fixed")
                .forEach(each -> fixed.addArray().add(each.path("nodeId")).add(each.path("amount")));
        entry.set("usage", perEpoch(processed.path("usage"), "perEpoch", false));
        return entry;
    }

    /** WAL given by {@code add_subsidy}, one entry a transaction. */
    private ArrayNode direct() {
        var byTransaction = new LinkedHashMap<String, ObjectNode>();
        for (JsonNode each : api.list("/v1/payments?what=add_subsidy")) {
            var entry = byTransaction.computeIfAbsent(
                    each.path("tx").asText(),
                    _ -> pick(each, "checkpoint", "tx", "sender").put("total", "0"));
            var total = new BigInteger(entry.path("total").asText())
                    .add(new BigInteger(each.path("amount").asText()));
            entry.put("total", total.toString());
            entry.withArray("perEpoch").addAll(perEpoch(each, "perEpoch"));
        }
        var direct = JSON.arrayNode();
        byTransaction.values().forEach(direct::add);
        return direct;
    }

    ArrayNode burns() {
        return Answers.each(api.list("/v1/supply/burns"), "checkpoint", "tx", "why", "amount", "supplyAfter", "nodeId");
    }

    ObjectNode supply() {
        var supply = api.get("/v1/supply");
        var entry = pick(supply, "initial");
        entry.set("final", supply.path("current"));
        return entry;
    }

    ArrayNode systemStates(JsonNode expected) {
        var states = JSON.arrayNode();
        for (JsonNode each : expected) {
            var state = api.get(
                    "/v1/capacity?at=checkpoint:" + each.path("checkpoint").asText());
            var entry = system(state);
            entry.set("checkpoint", state.path("asOf").path("checkpoint"));
            states.add(entry);
        }
        return states;
    }

    ObjectNode systemAtEnd() {
        return system(api.get("/v1/capacity"));
    }

    private static ObjectNode system(JsonNode state) {
        var entry = pick(state, "epoch", "totalCapacity", "usedCapacity", "storagePrice", "writePrice");
        entry.set("futureAccounting", state.path("epochs"));
        return entry;
    }

    /** Which addresses a transaction concerns is a set: listed in the order of the expectation. */
    ArrayNode walBalanceChanges(JsonNode expected) {
        var byPlace = new LinkedHashMap<String, JsonNode>();
        for (JsonNode each : api.list("/v1/wal-changes")) {
            byPlace.put(place(each), pick(each, "checkpoint", "tx", "address", "amount"));
        }
        var changes = JSON.arrayNode();
        for (JsonNode each : expected) {
            JsonNode found = byPlace.remove(place(each));
            if (found != null) {
                changes.add(found);
            }
        }
        byPlace.values().forEach(changes::add);
        return changes;
    }

    private static String place(JsonNode change) {
        return change.path("tx").asText() + "/" + change.path("address").asText();
    }
}
