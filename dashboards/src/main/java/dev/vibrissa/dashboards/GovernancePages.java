package dev.vibrissa.dashboards;

import dev.vibrissa.api.governance.ReportResource;
import dev.vibrissa.dashboards.chart.Drawing;
import dev.vibrissa.dashboards.chart.VoteBar;
import dev.vibrissa.dashboards.chart.VoteBar.Vote;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
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

    private final Pages pages;
    private final ReportResource reports;
    private final Template report;

    GovernancePages(Pages pages, ReportResource reports, Template report) {
        this.pages = pages;
        this.reports = reports;
        this.report = report;
    }

    /** The governance report, made to be printed. */
    @GET
    @Path("report")
    @Operation(hidden = true)
    public RestResponse<String> report(
            @RestQuery @Nullable String from, @RestQuery @Nullable String to, @RestQuery @Nullable String at) {
        return pages.show(HERE, () -> {
            var answer = pages.answer(reports.report(Pages.given(from), Pages.given(to), Pages.given(at)));
            var epochs = answer.list("epochs").stream()
                    .filter(epoch -> epoch.has("nShards"))
                    .toList();
            int nShards = epochs.isEmpty() ? 0 : (int) epochs.getLast().whole("nShards");
            int oneHonest = epochs.isEmpty() ? 0 : (int) epochs.getLast().whole("oneHonestWeight");
            return report.data("frame", Frame.of(HERE, answer))
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
