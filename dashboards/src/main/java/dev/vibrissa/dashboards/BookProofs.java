package dev.vibrissa.dashboards;

import dev.vibrissa.api.epoch.EpochResource;
import dev.vibrissa.api.event.EventResource;
import dev.vibrissa.api.governance.GovernanceResource;
import dev.vibrissa.api.network.NetworkResource;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.reconciliation.ReconciliationResource;
import dev.vibrissa.api.status.StatusResource;
import dev.vibrissa.api.supply.SupplyResource;
import dev.vibrissa.dashboards.Proof.Input;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.UriInfo;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What the numbers of the books rest on: what was burned, what votes come to, what does not agree, what was not understood. */
@ApplicationScoped
class BookProofs {
    private static final String MOST = "1000";
    private static final int SHOWN = 12;

    private final Pages pages;
    private final EpochResource epochs;
    private final SupplyResource supply;
    private final GovernanceResource governance;
    private final StatusResource status;
    private final ReconciliationResource reconciliation;
    private final NetworkResource network;
    private final EventResource events;

    BookProofs(
            Pages pages,
            EpochResource epochs,
            SupplyResource supply,
            GovernanceResource governance,
            StatusResource status,
            ReconciliationResource reconciliation,
            NetworkResource network,
            EventResource events) {
        this.pages = pages;
        this.epochs = epochs;
        this.supply = supply;
        this.governance = governance;
        this.status = status;
        this.reconciliation = reconciliation;
        this.network = network;
        this.events = events;
    }

    Proof.Found burned(UriInfo uri, @Nullable String asOf) {
        var answer = pages.answer(supply.supply(asOf));
        var all = pages.whole(cursor -> supply.burns(uri, asOf, MOST, cursor));
        var burns = all.list("items");
        return new Proof.Found(
                Proof.ofNumber(
                        "So much WAL was burned",
                        Words.wal4(answer.text("burnt")),
                        "Σ of the burns that were indexed",
                        inputs(
                                burns.reversed(),
                                each -> new Input(
                                        "%s, %s"
                                                .formatted(
                                                        Words.utc(each.text("timestamp")),
                                                        Words.words(each.text("why"))),
                                        Words.wal4(each.text("amount")),
                                        "/transactions/" + each.text("tx")),
                                "/v1/supply/burns"),
                        isPart(all) ? "" : Words.wal4(sum(burns, "amount").toString()),
                        "/v1/supply"),
                answer);
    }

    /**
     * What an epoch brought, and what of it was burned, as the change to the next one told.
     *
     * @param ofIncome what is asked for: all of it, or the burned part
     */
    Proof.Found ended(String epoch, boolean ofIncome, @Nullable String asOf) {
        if (!epoch.matches("\\d{1,9}")) {
            throw ProblemException.badInput(
                    "of", "of is a Walrus epoch, not '%s'".formatted(ProblemException.shortened(epoch)));
        }
        String next = Integer.toString(Integer.parseInt(epoch) + 1);
        var change = pages.answer(epochs.change(next, asOf));
        var rewards = change.list("rewards");
        var given = sum(rewards, "reward");
        var burn = new BigInteger(change.text("burn"));
        var leftover = new BigInteger(change.text("leftover"));
        var inputs = new ArrayList<>(inputs(
                rewards,
                each -> new Input(
                        "to " + Words.cut(each.text("nodeId")),
                        Words.wal4(each.text("reward")),
                        "/operators/%s/money".formatted(each.text("nodeId"))),
                "/v1/epochs/%s/change".formatted(next)));
        String where = "/transactions/" + change.text("changed.tx");
        inputs.add(
                ofIncome
                        ? new Input("burned", Words.wal4(change.text("burn")), where)
                        : new Input("income", Words.wal4(change.text("pot")), where));
        inputs.add(new Input("left for the next epoch", Words.wal4(change.text("leftover")), where));
        return new Proof.Found(
                Proof.ofNumber(
                        ofIncome
                                ? "So much epoch %s brought, when it ended".formatted(epoch)
                                : "So much of what epoch %s brought was burned".formatted(epoch),
                        Words.wal(change.text(ofIncome ? "pot" : "burn")),
                        ofIncome
                                ? "Σ of what operators and their stakers got, what was burned, and what the division left"
                                : "What the epoch brought, less what operators and their stakers got and what the division left",
                        inputs,
                        Words.wal((ofIncome
                                        ? given.add(burn).add(leftover)
                                        : new BigInteger(change.text("pot"))
                                                .subtract(given)
                                                .subtract(leftover))
                                .toString()),
                        "/v1/epochs/%s/change".formatted(next)),
                change);
    }

    private static BigInteger sum(List<Answer> items, String field) {
        return items.stream().map(each -> new BigInteger(each.text(field))).reduce(BigInteger.ZERO, BigInteger::add);
    }

    /**
     * The price that the votes of the running committee come to.
     *
     * @param which storagePrice or writePrice
     */
    Proof.Found voted(String which, String what, @Nullable String asOf) {
        var answer = pages.answer(governance.parameters(asOf));
        long quorum = answer.whole("quorumWeight");
        var votes = answer.list("votes").stream()
                .sorted(Comparator.comparing(each -> new BigInteger(each.text(which))))
                .toList();
        var inputs = new ArrayList<Input>();
        long together = 0;
        String again = "";
        for (Answer each : votes) {
            if (again.isEmpty()) {
                together += each.whole("weight");
                String vote = Words.grouped(each.text(which)) + " FROST";
                inputs.add(new Input(
                        Words.named(each, "name", "nodeId"),
                        "%s, %s shards, %d together".formatted(vote, each.text("weight"), together),
                        "/operators/%s/votes".formatted(each.text("nodeId"))));
                again = together >= quorum ? vote : "";
            }
        }
        if (inputs.size() > SHOWN) {
            inputs.subList(0, inputs.size() - SHOWN).clear();
        }
        inputs.add(new Input(
                "in force", Words.grouped(answer.text(which + ".inForce")) + " FROST", "/v1/governance/parameters"));
        return new Proof.Found(
                Proof.ofNumber(
                        what + " would cost so much by the votes as they are",
                        Words.grouped(answer.text(which + ".byVotes")) + " FROST",
                        "The lowest vote such that members with that vote or a lower one hold %d shards"
                                .formatted(quorum),
                        inputs,
                        again,
                        "/v1/governance/parameters"),
                answer);
    }

    Proof.Found mismatches(UriInfo uri) {
        return counted(
                "mismatches",
                "So many checks of our books do not agree with the contract's",
                "Count of the checks whose residual, expected less derived, is not 0",
                cursor -> reconciliation.list(uri, "true", null, null, MOST, cursor),
                each -> new Input(
                        "%s, epoch %s".formatted(Words.words(each.text("what")), each.text("epoch")),
                        "off by " + Words.grouped(each.text("residual")),
                        "/checkpoints/" + each.text("checkpoint")),
                "/v1/reconciliation?mismatch=true");
    }

    Proof.Found quarantined(UriInfo uri) {
        return counted(
                "quarantined",
                "So many parts of transactions no decoder understands",
                "Count of what is kept as bytes because it could not be read",
                cursor -> network.quarantine(uri, MOST, cursor),
                each -> new Input(
                        Words.shown(each.text("type")),
                        each.text("part") + ", checkpoint " + Words.grouped(each.text("checkpoint")),
                        "/checkpoints/" + each.text("checkpoint")),
                "/v1/quarantine");
    }

    Proof.Found unknown(UriInfo uri) {
        return counted(
                "unknownEvents",
                "So many events have a form that we do not know",
                "Count of the events that are kept as bytes alone",
                cursor -> events.list(uri, null, "false", null, null, null, MOST, cursor),
                each -> new Input(
                        Words.shown(each.text("name")),
                        "checkpoint " + Words.grouped(each.text("checkpoint")),
                        "/transactions/" + each.text("tx")),
                "/v1/events?known=false");
    }

    /** A number of the status that counts what a list has. */
    private Proof.Found counted(
            String field,
            String claim,
            String formula,
            Function<@Nullable String, RestResponse<?>> list,
            Function<Answer, Input> input,
            String data) {
        var answer = pages.answer(status.status());
        var all = pages.whole(list);
        return new Proof.Found(
                Proof.ofNumber(
                        claim,
                        Words.grouped(answer.text(field)),
                        formula,
                        inputs(all.list("items"), input, data),
                        isPart(all)
                                ? ""
                                : Words.grouped(
                                        Integer.toString(all.list("items").size())),
                        data),
                answer);
    }

    /** The first of them, and how many others there are. */
    private static List<Input> inputs(List<Answer> all, Function<Answer, Input> input, String list) {
        var inputs = new ArrayList<>(all.stream().limit(SHOWN).map(input).toList());
        if (all.size() > SHOWN) {
            inputs.add(new Input("and others", Integer.toString(all.size() - SHOWN), list));
        }
        return inputs;
    }

    /** Nothing is made again of a part, or of a list that could not be had. */
    private static boolean isPart(Answer list) {
        return list.has("next") || !list.problem().isEmpty();
    }
}
