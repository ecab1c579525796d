package dev.vibrissa.dashboards;

import dev.vibrissa.api.audit.FrameResource;
import dev.vibrissa.api.audit.LogResource;
import dev.vibrissa.api.audit.MethodologyResource;
import dev.vibrissa.api.audit.NetworkAvailabilityResource;
import dev.vibrissa.api.audit.RoundResource;
import dev.vibrissa.api.network.NetworkResource;
import dev.vibrissa.api.reconciliation.ReconciliationResource;
import dev.vibrissa.api.status.StatusResource;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Whether to believe this site: what was asked of nodes, how numbers are made, and what does not agree. */
@Path("/")
@RunOnVirtualThread
@Produces(MediaType.TEXT_HTML)
public class TrustPages {
    private static final String ROWS = "20";
    private static final String LONG = "100";

    private final Pages pages;
    private final FrameResource frames;
    private final RoundResource rounds;
    private final LogResource logs;
    private final NetworkAvailabilityResource availability;
    private final MethodologyResource methodology;
    private final StatusResource status;
    private final NetworkResource network;
    private final ReconciliationResource reconciliation;
    private final Template audits;
    private final Template method;
    private final Template health;

    TrustPages(
            Pages pages,
            FrameResource frames,
            RoundResource rounds,
            LogResource logs,
            NetworkAvailabilityResource availability,
            MethodologyResource methodology,
            StatusResource status,
            NetworkResource network,
            ReconciliationResource reconciliation,
            Template audits,
            Template method,
            Template health) {
        this.pages = pages;
        this.frames = frames;
        this.rounds = rounds;
        this.logs = logs;
        this.availability = availability;
        this.methodology = methodology;
        this.status = status;
        this.network = network;
        this.reconciliation = reconciliation;
        this.audits = audits;
        this.method = method;
        this.health = health;
    }

    @GET
    @Path("audits")
    @Operation(hidden = true)
    public RestResponse<String> audits(UriInfo uri, @RestQuery @Nullable String at) {
        String asOf = Pages.moment(at);
        return pages.show("Audits", () -> {
            var provers = pages.answer(logs.provers(uri));
            var newest = pages.part(() -> rounds.list(uri, null, null, asOf, ROWS, null));
            return audits.data("frame", pages.frame("Audits", newest, asOf == null ? provers : newest))
                    .data("served", pages.part(() -> availability.ofNetwork("30d", null, asOf)))
                    .data("frames", pages.part(() -> frames.list(uri, asOf, ROWS, null)))
                    .data("rounds", newest)
                    .data("roots", pages.part(() -> logs.roots(uri, null, asOf, ROWS, null)))
                    .data("provers", provers);
        });
    }

    @GET
    @Path("method")
    @Operation(hidden = true)
    public RestResponse<String> method(@RestQuery @Nullable String version) {
        return pages.show("Method", () -> {
            var answer = pages.answer(methodology.all());
            String shown = version == null ? answer.text("current") : version;
            return method.data("frame", pages.frameOfNow("Method", answer))
                    .data("answer", answer)
                    .data(
                            "shown",
                            answer.list("versions").stream()
                                    .filter(each -> each.text("version").equals(shown))
                                    .findFirst()
                                    .orElseGet(() -> answer.list("versions").getFirst()));
        });
    }

    @GET
    @Path("status")
    @Operation(hidden = true)
    public RestResponse<String> status(UriInfo uri) {
        return pages.show("Status", () -> {
            var answer = pages.answer(status.status());
            return health.data("frame", pages.frameOfNow("Status", answer))
                    .data("answer", answer)
                    .data("network", pages.part(network::network))
                    .data("mismatches", pages.part(() -> reconciliation.list(uri, "true", null, null, LONG, null)))
                    .data("quarantine", pages.part(() -> network.quarantine(uri, LONG, null)));
        });
    }
}
