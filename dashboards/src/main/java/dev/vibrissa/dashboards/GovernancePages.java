package dev.vibrissa.dashboards;

import dev.vibrissa.api.concentration.ConcentrationResource;
import dev.vibrissa.api.governance.GovernanceResource;
import dev.vibrissa.api.governance.ReportResource;
import dev.vibrissa.dashboards.chart.Chart;
import dev.vibrissa.dashboards.chart.Drawing;
import dev.vibrissa.dashboards.chart.Lorenz;
import dev.vibrissa.dashboards.chart.VoteBar;
import dev.vibrissa.dashboards.chart.VoteBar.Vote;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Comparator;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What is being decided, by whom, how far from a quorum, and how long is left; and a report to print. */
@Path("/governance")
@RunOnVirtualThread
@Produces(MediaType.TEXT_HTML)
public class GovernancePages {
    private static final String HERE = "Governance";
    private static final String MOST = "200";
    private static final List<String> GROUPINGS = List.of("node", "organisation", "domain", "host", "prefix");

    private final Pages pages;
    private final ReportResource reports;
    private final GovernanceResource governance;
    private final ConcentrationResource concentration;
    private final Template report;
    private final Template desk;

    GovernancePages(
            Pages pages,
            ReportResource reports,
            GovernanceResource governance,
            ConcentrationResource concentration,
            Template report,
            Template desk) {
        this.pages = pages;
        this.reports = reports;
        this.governance = governance;
        this.concentration = concentration;
        this.report = report;
        this.desk = desk;
    }

    /** Who is counted as one, and what comes of it. */
    public record Few(String by, Answer measures) {}

    @GET
    @Operation(hidden = true)
    public RestResponse<String> desk(UriInfo uri, @RestQuery @Nullable String at) {
        String asOf = Pages.moment(at);
        return pages.show(HERE, () -> {
            var parameters = pages.answer(governance.parameters(asOf));
            var upgrades = pages.part(() -> governance.upgrades(uri, asOf, MOST, null));
            var slashing = pages.part(() -> governance.slashing(uri, asOf, MOST, null));
            var nodes = pages.part(() -> concentration.concentration("node", asOf, null, null));
            int nShards = (int) parameters.whole("nShards");
            int oneHonest = (int) parameters.whole("oneHonestWeight");
            var votes = rounds(slashing.list("items").reversed(), nShards, oneHonest);
            var versions = rounds(upgrades.list("items").reversed(), nShards, oneHonest);
            return desk.data("frame", pages.frame(HERE, parameters, upgrades, slashing))
                    .data("parameters", parameters)
                    .data("sentence", sentence(parameters, slashing, upgrades))
                    .data("slashing", votes)
                    .data("upgrades", versions)
                    .data("parts", List.of(upgrades, slashing))
                    .data("lorenz", lorenz(nodes))
                    .data(
                            "few",
                            GROUPINGS.stream()
                                    .map(by -> new Few(
                                            by, pages.part(() -> concentration.concentration(by, asOf, null, null))))
                                    .toList())
                    .data("contracts", pages.part(() -> governance.contracts(uri, asOf, MOST, null)))
                    .data("denyLists", pages.part(() -> governance.denyLists(uri, asOf, MOST, null)))
                    .data("at", asOf == null ? "" : asOf);
        });
    }

    private static String sentence(Answer parameters, Answer slashing, Answer upgrades) {
        long votes = open(slashing);
        long versions = open(upgrades);
        String open = votes + versions == 0
                ? "No vote is open."
                : "%s and %s open.".formatted(Words.count(votes, "slashing vote"), Words.count(versions, "upgrade"));
        return "Epoch %s: %s".formatted(parameters.text("clock.epoch"), open);
    }

    private static long open(Answer rounds) {
        return rounds.list("items").stream()
                .filter(each -> List.of("voting", "quorum").contains(each.text("state")))
                .count();
    }

    private static @Nullable Chart lorenz(Answer nodes) {
        if (!nodes.has("measures")) {
            return null;
        }
        var held = nodes.list("groups").stream()
                .map(each -> each.whole("shards"))
                .sorted(Comparator.reverseOrder())
                .toList();
        String halt = nodes.text("measures.nakamotoOneHonest");
        String quorum = nodes.text("measures.nakamotoQuorum");
        return new Chart(
                "few",
                "How few can decide",
                "shards held, largest first",
                "%s operators could halt, %s decide, of %s.".formatted(halt, quorum, nodes.text("measures.holders")),
                Lorenz.draw(
                        "Shards held by the largest: %s hold a third and one, %s a quorum".formatted(halt, quorum),
                        held,
                        (int) nodes.whole("measures.nShards"),
                        List.of(
                                new Lorenz.Mark((int) nodes.whole("measures.oneHonestWeight"), (int)
                                        nodes.whole("measures.nakamotoOneHonest")),
                                new Lorenz.Mark((int) nodes.whole("measures.quorumWeight"), (int)
                                        nodes.whole("measures.nakamotoQuorum")))),
                "/v1/concentration",
                List.of("Operator", "Shards"),
                nodes.list("groups").stream()
                        .map(each -> List.of(Words.cut(each.text("group")), each.text("shards")))
                        .toList());
    }

    /** The governance report, made to be printed. */
    @GET
    @Path("report")
    @Operation(hidden = true)
    public RestResponse<String> report(
            @RestQuery @Nullable String from, @RestQuery @Nullable String to, @RestQuery @Nullable String at) {
        return pages.show(HERE, () -> {
            var answer = pages.answer(reports.report(Pages.given(from), Pages.given(to), Pages.moment(at)));
            var epochs = answer.list("epochs").stream()
                    .filter(epoch -> epoch.has("nShards"))
                    .toList();
            int nShards = epochs.isEmpty() ? 0 : (int) epochs.getLast().whole("nShards");
            int oneHonest = epochs.isEmpty() ? 0 : (int) epochs.getLast().whole("oneHonestWeight");
            return report.data("frame", pages.frame(HERE, answer))
                    .data("answer", answer)
                    .data("upgrades", rounds(answer.list("upgrades"), nShards, oneHonest))
                    .data("slashing", rounds(answer.list("slashing"), nShards, oneHonest));
        });
    }

    /** Each round of votes with its picture. */
    private static List<Round> rounds(List<Answer> rounds, int nShards, int oneHonest) {
        return rounds.stream()
                .map(round -> new Round(round, nShards == 0 ? null : bar(round, nShards, oneHonest)))
                .toList();
    }

    private static @Nullable Drawing bar(Answer round, int nShards, int oneHonest) {
        var votes = round.list("votes");
        return votes.isEmpty()
                ? null
                : VoteBar.draw(
                        votes.stream()
                                .map(vote -> new Vote(
                                        (int) vote.whole("totalWeight"),
                                        "%s: %s shards, %s"
                                                .formatted(
                                                        Words.voter(vote),
                                                        vote.has("weight") ? vote.text("weight") : "?",
                                                        Words.utc(vote.text("step.timestamp")))))
                                .toList(),
                        (int) round.whole("weight"),
                        nShards,
                        oneHonest,
                        (int) round.whole("quorumWeight"));
    }

    /** A round of votes and its bar. */
    public record Round(Answer answer, @Nullable Drawing bar) {}
}
