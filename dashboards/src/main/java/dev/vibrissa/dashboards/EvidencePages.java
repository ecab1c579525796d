package dev.vibrissa.dashboards;

import dev.vibrissa.api.address.AddressResource;
import dev.vibrissa.api.audit.NetworkAvailabilityResource;
import dev.vibrissa.api.audit.OperatorAuditResource;
import dev.vibrissa.api.audit.ScoreResource;
import dev.vibrissa.api.capacity.CapacityResource;
import dev.vibrissa.api.checkpoint.CheckpointResource;
import dev.vibrissa.api.concentration.ConcentrationResource;
import dev.vibrissa.api.evidence.EvidenceResource;
import dev.vibrissa.api.expiry.ExpiryResource;
import dev.vibrissa.api.governance.GovernanceResource;
import dev.vibrissa.api.price.PriceResource;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.stake.AddressStakeResource;
import dev.vibrissa.dashboards.Proof.Found;
import dev.vibrissa.dashboards.Proof.Input;
import dev.vibrissa.dashboards.Proof.Step;
import dev.vibrissa.protocol.sui.proof.EvidenceJson;
import dev.vibrissa.protocol.sui.proof.EvidenceReport;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * What a number rests on, one click from where it stands: the claim in words, the inputs, and the number made again of them;
 * of an event, each link up to the signature. Without scripts it is a page, with them a drawer beside what led here.
 */
@Path("/evidence")
@RunOnVirtualThread
@Produces(MediaType.TEXT_HTML)
public class EvidencePages {
    private static final String MOST = "1000";
    private static final int SHOWN = 12;

    private final Pages pages;
    private final EvidenceResource evidences;
    private final CheckpointResource checkpoints;
    private final NetworkAvailabilityResource availability;
    private final ScoreResource scores;
    private final OperatorAuditResource audits;
    private final ExpiryResource expiry;
    private final CapacityResource capacity;
    private final PriceResource prices;
    private final GovernanceResource governance;
    private final ConcentrationResource concentration;
    private final AddressResource addresses;
    private final AddressStakeResource stakes;
    private final BookProofs books;
    private final Template evidence;

    EvidencePages(
            Pages pages,
            EvidenceResource evidences,
            CheckpointResource checkpoints,
            NetworkAvailabilityResource availability,
            ScoreResource scores,
            OperatorAuditResource audits,
            ExpiryResource expiry,
            CapacityResource capacity,
            PriceResource prices,
            GovernanceResource governance,
            ConcentrationResource concentration,
            AddressResource addresses,
            AddressStakeResource stakes,
            BookProofs books,
            Template evidence) {
        this.pages = pages;
        this.evidences = evidences;
        this.checkpoints = checkpoints;
        this.availability = availability;
        this.scores = scores;
        this.audits = audits;
        this.expiry = expiry;
        this.capacity = capacity;
        this.prices = prices;
        this.governance = governance;
        this.concentration = concentration;
        this.addresses = addresses;
        this.stakes = stakes;
        this.books = books;
        this.evidence = evidence;
    }

    @GET
    @Path("{tx}/{walrusOrdinal}")
    @Operation(hidden = true)
    public RestResponse<String> event(@RestPath String tx, @RestPath String walrusOrdinal) {
        return pages.show("", () -> {
            var file = evidences.ofEvent(tx, walrusOrdinal).getEntity();
            var report = EvidenceJson.read(file).verify(Optional.empty());
            var checkpoint = pages.answer(checkpoints.checkpoint(Long.toString(report.checkpoint())));
            return evidence.data("frame", pages.frameOfNow("", checkpoint))
                    .data("proof", proof(tx, walrusOrdinal, report, checkpoint));
        });
    }

    private static Proof proof(String tx, String ordinal, EvidenceReport report, Answer checkpoint) {
        var steps = new ArrayList<Step>();
        // From the fact up: a reader begins with what he came for.
        report.steps()
                .reversed()
                .forEach(each -> steps.add(new Step(
                        Words.capital(each.claim()),
                        each.holds(),
                        each.detail(),
                        each.detail().equals(tx) ? "/transactions/" + tx : "")));
        steps.add(new Step(
                "The summary is that of checkpoint " + Words.grouped(checkpoint.text("checkpoint")),
                report.checkpointDigest().toString().equals(checkpoint.text("digest")),
                report.checkpointDigest().toString(),
                "/checkpoints/" + checkpoint.text("checkpoint")));
        boolean signed = checkpoint.text("verified").equals("certificate");
        steps.add(new Step(
                signed
                        ? "The committee of Sui epoch %s signed it".formatted(checkpoint.text("suiEpoch"))
                        : "No certificate was checked: its place in the chain is all there is",
                signed,
                signed
                        ? "checked when it was indexed; held against a committee that you trust by the command below"
                        : "",
                ""));
        return new Proof(
                "%s, event %s of transaction %s".formatted(name(report), ordinal, Words.cut(tx)),
                report.conclusion().toString(),
                "",
                List.of(),
                "",
                steps,
                "./vibrissa verify-evidence evidence.json --trust committee.bcs",
                "/v1/evidence/%s/%s".formatted(tx, ordinal));
    }

    /** What the event is called, as the last step found its type. */
    private static String name(EvidenceReport report) {
        String last = report.steps().getLast().detail();
        return last.contains("::") ? last.substring(last.lastIndexOf(':') + 1) : "An event";
    }

    @GET
    @Path("{number}")
    @Operation(hidden = true)
    public RestResponse<String> number(
            UriInfo uri,
            @RestPath String number,
            @RestQuery @Nullable String of,
            @RestQuery @Nullable String window,
            @RestQuery @Nullable String at) {
        String asOf = Pages.moment(at);
        String whose = of == null ? "" : of;
        String during = window == null ? "30d" : window;
        return pages.show("", () -> {
            var found = switch (number) {
                case "served" -> served(uri, during, asOf);
                case "bound" -> bound(whose, during, asOf);
                case "objects" -> objects(asOf);
                case "capacity" -> capacity(asOf);
                case "storage-price" -> price(uri, "storagePrice", "A MiB for an epoch", asOf);
                case "write-price" -> price(uri, "writePrice", "Writing a MiB", asOf);
                case "halt" -> few("nakamotoOneHonest", "oneHonestWeight", "could halt", asOf);
                case "decide" -> few("nakamotoQuorum", "quorumWeight", "could decide", asOf);
                case "blobs" -> blobs(uri, whose, asOf);
                case "paid" -> paid(uri, whose, asOf);
                case "staked" -> staked(uri, whose, "principal", "The stake that it holds", asOf);
                case "burned" -> books.burned(uri, asOf);
                case "income" -> books.ended(whose, true, asOf);
                case "burn" -> books.ended(whose, false, asOf);
                case "storage-votes" -> books.voted("storagePrice", "A MiB for an epoch", asOf);
                case "write-votes" -> books.voted("writePrice", "Writing a MiB", asOf);
                case "mismatches" -> books.mismatches(uri);
                case "quarantine" -> books.quarantined(uri);
                case "unknown-events" -> books.unknown(uri);
                case "worth" -> staked(uri, whose, "value", "What its stake is worth", asOf);
                default ->
                    throw ProblemException.notFound(
                            "there is no number '%s' here".formatted(ProblemException.shortened(number)));
            };
            return evidence.data("frame", pages.frame("", found.basis())).data("proof", found.proof());
        });
    }

    private Found served(UriInfo uri, String window, @Nullable String asOf) {
        var answer = pages.answer(availability.ofNetwork(window, null, asOf));
        var members = pages.answer(scores.scores(uri, window, answer.text("epoch"), asOf)).list("items").stream()
                .filter(each -> each.has("weighted"))
                .toList();
        double shards =
                members.stream().mapToDouble(each -> each.whole("weight")).sum();
        double again = members.stream()
                .mapToDouble(each ->
                        each.whole("weight") / shards * each.number("weighted").orElse(0))
                .sum();
        var inputs = new ArrayList<Input>();
        members.stream()
                .sorted(Comparator.comparingDouble(
                        (Answer each) -> each.number("weighted").orElse(1)))
                .limit(SHOWN)
                .forEach(each -> inputs.add(new Input(
                        Words.named(each, "name", "nodeId"),
                        "%s of %s shards".formatted(Words.ratio(each.text("weighted")), each.text("weight")),
                        "/operators/" + each.text("nodeId"))));
        if (members.size() > SHOWN) {
            inputs.add(new Input("and better ones", Integer.toString(members.size() - SHOWN), "/operators"));
        }
        return new Found(
                Proof.ofNumber(
                                "So much of what nodes must keep is served when asked, window " + window,
                                Words.ratio(answer.text("weighted")),
                                "Σ shards · share served ÷ Σ shards, over members with a probe; within a member each probe"
                                        + " weighs one over its chance",
                                inputs,
                                members.isEmpty() ? "" : Words.ratio(Math.min(1, again)),
                                "/v1/availability?window=" + window)
                        .withElsewhere("./vibrissa recompute https://HOST/v1/log"),
                answer);
    }

    private Found bound(String node, String window, @Nullable String asOf) {
        var answer = pages.answer(audits.score(node, null, asOf));
        var chosen = answer.list("windows").stream()
                .filter(each -> each.text("window").equals(window))
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("no round has scored it in the window " + window));
        long served = chosen.whole("score.served");
        long failed = chosen.whole("score.failed");
        return new Found(
                Proof.ofNumber(
                                "It serves at least so much when asked, window " + window,
                                Words.ratio(chosen.text("score.rank")),
                                "5 % quantile of Beta(1 + served, 1 + failed)",
                                List.of(
                                        new Input(
                                                "served",
                                                Long.toString(served),
                                                "/operators/%s?window=%s#why".formatted(node, window)),
                                        new Input(
                                                "failed and counted",
                                                Long.toString(failed),
                                                "/operators/%s/failures".formatted(node)),
                                        new Input(
                                                "made by",
                                                chosen.text("methodology"),
                                                "/method?version=" + chosen.text("methodology")),
                                        new Input(
                                                "after the round of", Words.utc(chosen.text("computedAt")), "/audits")),
                                // Two ways of reckoning may differ in the last bits, which the quarter of a millionth
                                // swallows.
                                Words.ratio(BetaBound.of(served, failed) + 2.5e-7),
                                "/v1/operators/%s/score".formatted(node))
                        .withElsewhere("./vibrissa recompute https://HOST/v1/log"),
                answer);
    }

    private Found objects(@Nullable String asOf) {
        var answer = pages.answer(expiry.calendar(asOf));
        var epochs = answer.list("epochs");
        var inputs = new ArrayList<Input>();
        epochs.stream()
                .limit(SHOWN)
                .forEach(each -> inputs.add(new Input(
                        "end when epoch %s begins".formatted(each.text("endEpoch")),
                        Words.grouped(each.text("objects")),
                        "/expiry/" + each.text("endEpoch"))));
        if (epochs.size() > SHOWN) {
            inputs.add(new Input(
                    "end later",
                    Words.grouped(Long.toString(epochs.stream()
                            .skip(SHOWN)
                            .mapToLong(each -> each.whole("objects"))
                            .sum())),
                    "/expiry"));
        }
        String sum = Words.grouped(Long.toString(
                epochs.stream().mapToLong(each -> each.whole("objects")).sum()));
        return new Found(
                Proof.ofNumber(
                        "So many blob objects are alive: registered, not deleted, and their epoch has not come",
                        sum,
                        "Σ over the epochs at whose start they end",
                        inputs,
                        sum,
                        "/v1/expiry"),
                answer);
    }

    private Found capacity(@Nullable String asOf) {
        var answer = pages.answer(capacity.capacity(asOf));
        return new Found(
                Proof.ofNumber(
                                "So many encoded bytes are reserved in the running epoch",
                                Words.bytes(answer.text("usedCapacity")),
                                "The account of the System object itself, for epoch " + answer.text("epoch"),
                                List.of(
                                        new Input("bytes", Words.grouped(answer.text("usedCapacity")), "/v1/capacity"),
                                        new Input(
                                                "of all", Words.grouped(answer.text("totalCapacity")), "/v1/capacity"),
                                        new Input(
                                                "our own sum of purchases",
                                                "held against it at each epoch change",
                                                "/status#mismatches")),
                                Words.bytes(answer.list("epochs").stream()
                                        .filter(each -> each.text("epoch").equals(answer.text("epoch")))
                                        .map(each -> each.text("usedCapacity"))
                                        .findFirst()
                                        .orElse("")),
                                "/v1/capacity")
                        .withElsewhere("./vibrissa verify-evidence, with the object's own evidence"),
                answer);
    }

    private Found price(UriInfo uri, String which, String what, @Nullable String asOf) {
        var parameters = pages.answer(governance.parameters(asOf));
        var all = pages.whole(cursor -> prices.list(uri, asOf, MOST, cursor));
        if (all.list("items").isEmpty()) {
            throw ProblemException.notFound(all.problem().isEmpty() ? "no price was seen" : all.problem());
        }
        var last = all.list("items").getLast();
        var votes =
                pages
                        .whole(cursor -> prices.votes(uri, last.text("checkpoint"), asOf, MOST, cursor))
                        .list("items")
                        .stream()
                        .filter(each -> each.text("txIndex").equals(last.text("txIndex"))
                                && each.text("walrusOrdinal").equals(last.text("walrusOrdinal")))
                        .sorted(Comparator.comparing(each -> new BigInteger(each.text(which + "Vote"))))
                        .toList();
        long quorum = parameters.whole("quorumWeight");
        var inputs = new ArrayList<Input>();
        String again = "";
        long together = 0;
        for (Answer each : votes) {
            together += each.whole("weight");
            String vote = Words.grouped(each.text(which + "Vote"));
            if (again.isEmpty()) {
                inputs.add(new Input(
                        Words.named(each, "name", "nodeId"),
                        "%s FROST, %s shards, %d together".formatted(vote, each.text("weight"), together),
                        "/operators/%s/votes".formatted(each.text("nodeId"))));
                again = together >= quorum ? vote + " FROST" : "";
            }
        }
        if (inputs.size() > SHOWN) {
            inputs.subList(0, inputs.size() - SHOWN).clear();
        }
        inputs.add(new Input(
                "in force since", Words.utc(last.text("timestamp")), "/checkpoints/" + last.text("checkpoint")));
        return new Found(
                Proof.ofNumber(
                        what + " costs so much, of encoded size",
                        Words.grouped(last.text(which)) + " FROST",
                        "The lowest vote such that members with that vote or a lower one hold %d shards"
                                .formatted(quorum),
                        inputs,
                        again,
                        last.text("votes")),
                parameters);
    }

    private Found few(String measure, String weight, String can, @Nullable String asOf) {
        var answer = pages.answer(concentration.concentration("node", asOf, null, null));
        long needed = answer.whole("measures." + weight);
        var inputs = new ArrayList<Input>();
        long together = 0;
        for (Answer each : answer.list("groups")) {
            if (together >= needed) {
                break;
            }
            together += each.whole("shards");
            inputs.add(new Input(
                    Words.cut(each.text("group")),
                    "%s shards, %d together".formatted(each.text("shards"), together),
                    "/operators/" + each.text("group")));
        }
        int fewest = inputs.size();
        if (fewest > SHOWN) {
            inputs.subList(SHOWN / 2, fewest - SHOWN / 2).clear();
        }
        return new Found(
                Proof.ofNumber(
                        "So few operators " + can,
                        answer.text("measures." + measure),
                        "The fewest, largest first, that together hold %d of %s shards"
                                .formatted(needed, answer.text("measures.nShards")),
                        inputs,
                        Integer.toString(fewest),
                        "/v1/concentration"),
                answer);
    }

    private Found blobs(UriInfo uri, String address, @Nullable String asOf) {
        var figures = pages.answer(addresses.figures(address, asOf));
        var all = pages.answer(addresses.blobs(uri, address, asOf, MOST, null));
        var alive = all.list("items").stream().filter(each -> each.has("alive")).toList();
        return new Found(
                Proof.ofNumber(
                        "So many blob objects it holds itself are alive",
                        Words.grouped(figures.text("blobs")),
                        "Count of objects that are not deleted and not expired",
                        alive.stream()
                                .limit(SHOWN)
                                .map(each -> new Input(
                                        Words.cut(each.text("objectId")),
                                        "until epoch " + each.text("endEpoch"),
                                        "/objects/" + each.text("objectId")))
                                .toList(),
                        all.has("next") ? "" : Words.grouped(Integer.toString(alive.size())),
                        "/v1/addresses/%s/blobs".formatted(address)),
                figures);
    }

    private Found paid(UriInfo uri, String address, @Nullable String asOf) {
        var figures = pages.answer(addresses.figures(address, asOf));
        var all = pages.answer(addresses.payments(uri, address, asOf, MOST, null));
        var payments = all.list("items");
        return new Found(
                Proof.ofNumber(
                        "So much it paid for storage",
                        Words.wal4(figures.text("paid")),
                        "Σ of its payments, each of them WAL that left its account",
                        payments.reversed().stream()
                                .limit(SHOWN)
                                .map(each -> new Input(
                                        "%s, %s"
                                                .formatted(
                                                        Words.utc(each.text("timestamp")),
                                                        Words.words(each.text("what"))),
                                        Words.wal4(each.text("amount")),
                                        "/transactions/" + each.text("tx")))
                                .toList(),
                        all.has("next") ? "" : Words.wal4(sum(payments, "amount")),
                        "/v1/addresses/%s/payments".formatted(address)),
                figures);
    }

    private Found staked(UriInfo uri, String address, String field, String claim, @Nullable String asOf) {
        var figures = pages.answer(addresses.figures(address, asOf));
        var all = pages.answer(stakes.stakes(uri, address, asOf, MOST, null));
        var positions = all.list("items");
        return new Found(
                Proof.ofNumber(
                        claim,
                        Words.wal(figures.text(field.equals("value") ? "stakeValue" : field)),
                        "Σ over its positions",
                        positions.stream()
                                .limit(SHOWN)
                                .map(each -> new Input(
                                        Words.named(each, "nodeName", "nodeId"),
                                        Words.wal(each.text(field)),
                                        "/objects/" + each.text("objectId")))
                                .toList(),
                        all.has("next") ? "" : Words.wal(sum(positions, field)),
                        "/v1/addresses/%s/stakes".formatted(address)),
                figures);
    }

    private static String sum(List<Answer> items, String field) {
        return items.stream()
                .map(each -> new BigInteger(each.text(field)))
                .reduce(BigInteger.ZERO, BigInteger::add)
                .toString();
    }
}
