package dev.vibrissa.dashboards;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.api.blob.BlobResource;
import dev.vibrissa.api.governance.ReportResource;
import dev.vibrissa.api.network.NetworkResource;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.protocol.walrus.BlobId;
import io.quarkus.qute.RawString;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The first pages: a search box and what is new, the life of one blob, and a report to print. */
@Path("/")
@RunOnVirtualThread
@Produces(MediaType.TEXT_HTML)
public class PageResource {
    private static final String MOST_ROWS = "200";
    private static final String NEWEST_ROWS = "10";

    private final NetworkResource network;
    private final BlobResource blobs;
    private final ObjectMapper json;
    private final Template home;
    private final Template blob;
    private final Template nothing;
    private final ReportResource reports;
    private final Template report;

    PageResource(
            NetworkResource network,
            BlobResource blobs,
            ObjectMapper json,
            Template home,
            Template blob,
            Template nothing,
            ReportResource reports,
            Template report) {
        this.network = network;
        this.blobs = blobs;
        this.json = json;
        this.home = home;
        this.blob = blob;
        this.nothing = nothing;
        this.reports = reports;
        this.report = report;
    }

    @GET
    @Operation(hidden = true)
    public RestResponse<String> home(UriInfo uri) {
        try {
            return page(
                    200,
                    home.data("answer", answer(network.network()))
                            .data("newest", newest(uri))
                            .data("query", "")
                            .render());
        } catch (ProblemException problem) {
            return nothing("", problem);
        }
    }

    private List<Answer> newest(UriInfo uri) {
        return answer(blobs.list(
                        uri, null, null, null, null, null, null, null, null, null, "-firstSeen", NEWEST_ROWS, null))
                .list("items");
    }

    @GET
    @Path("search")
    @Operation(hidden = true)
    public RestResponse<String> search(@RestQuery @Nullable String q) {
        String query = Optional.ofNullable(q).orElse("").strip();
        try {
            return RestResponse.seeOther(URI.create("/blobs/" + BlobId.parse(query)));
        } catch (IllegalArgumentException e) {
            return nothing(query, ProblemException.notFound(String.valueOf(e.getMessage())));
        }
    }

    @GET
    @Path("blobs/{blobId}")
    @Operation(hidden = true)
    public RestResponse<String> blob(UriInfo uri, @RestPath String blobId, @RestQuery @Nullable String at) {
        String asked = given(at);
        try {
            var answer = answer(blobs.blob(blobId, asked));
            var objects =
                    answer(blobs.objects(uri, blobId, asked, MOST_ROWS, null)).list("items");
            var history = answer(blobs.history(uri, blobId, asked, MOST_ROWS, null));
            String epoch = answer.text("asOf.epoch");
            String chart = LifeChart.draw(
                    objects, epoch.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(epoch)));
            return page(
                    200,
                    blob.data("answer", answer)
                            .data("objects", objects)
                            .data("history", history.list("items").reversed())
                            .data("more", history.has("next"))
                            .data("chart", new RawString(chart))
                            .data("at", asked == null ? "" : asked)
                            .data("query", answer.text("blobId"))
                            .render());
        } catch (ProblemException problem) {
            return nothing(blobId, problem);
        }
    }

    /** The governance report, made to be printed. */
    @GET
    @Path("governance/report")
    @Operation(hidden = true)
    public RestResponse<String> report(
            @RestQuery @Nullable String from, @RestQuery @Nullable String to, @RestQuery @Nullable String at) {
        try {
            var answer = answer(reports.report(given(from), given(to), given(at)));
            return page(
                    200,
                    report.data("answer", answer)
                            .data("upgrades", rounds(answer, "upgrades"))
                            .data("slashing", rounds(answer, "slashing"))
                            .data("query", "")
                            .render());
        } catch (ProblemException problem) {
            return nothing("", problem);
        }
    }

    /** Each round of votes with its picture. */
    private static List<Round> rounds(Answer report, String kind) {
        var epochs = report.list("epochs").stream()
                .filter(epoch -> epoch.has("nShards"))
                .toList();
        return report.list(kind).stream()
                .map(round -> new Round(
                        round,
                        new RawString(
                                epochs.isEmpty()
                                        ? ""
                                        : VoteBar.draw(
                                                round,
                                                Integer.parseInt(
                                                        epochs.getLast().text("nShards")),
                                                Integer.parseInt(
                                                        epochs.getLast().text("oneHonestWeight"))))))
                .toList();
    }

    /** A round of votes and its bar. */
    public record Round(Answer answer, RawString bar) {}

    /** A field of a form that was left empty counts as none. */
    private static @Nullable String given(@Nullable String field) {
        return field == null || field.isBlank() ? null : field.strip();
    }

    private RestResponse<String> nothing(String query, ProblemException problem) {
        return page(
                problem.status(),
                nothing.data("query", query)
                        .data("reason", String.valueOf(problem.getMessage()))
                        .render());
    }

    private static RestResponse<String> page(int status, String html) {
        return RestResponse.ResponseBuilder.<String>create(status)
                .entity(html)
                .header("Cache-Control", "no-cache")
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'")
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .build();
    }

    private Answer answer(RestResponse<?> response) {
        return new Answer(json.valueToTree(response.getEntity()));
    }
}
