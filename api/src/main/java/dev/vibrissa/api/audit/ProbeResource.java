package dev.vibrissa.api.audit;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.audit.AuditViews.ProbeAnswer;
import dev.vibrissa.api.audit.AuditViews.ProbeView;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/probes")
@Tag(name = "audits")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ProbeResource {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    private final Answers answers;

    ProbeResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "probes", summary = "Probes with their verdicts, from the newest on")
    public RestResponse<Page<ProbeView>> list(
            UriInfo uri,
            @RestQuery @Nullable String nodeId,
            @RestQuery @Nullable String blobId,
            @RestQuery @Nullable String epoch,
            @RestQuery @Nullable String round,
            @RestQuery @Nullable String verdict,
            @RestQuery @Nullable String blame,
            @RestQuery @Nullable String depth,
            @Parameter(description = "Asked then or later.", example = "2026-06-15T10:00:00Z") @RestQuery @Nullable
                    String askedFrom,
            @Parameter(description = "Asked before then.", example = "2026-12-31T11:00:00Z") @RestQuery @Nullable
                    String askedBefore,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var filter =
                Probes.Filter.of(nodeId, blobId, epoch, round, verdict, blame, depth, null, askedFrom, askedBefore);
        var page = PageRequest.of(uri, limit, cursor, 2);
        return answers.at(
                at,
                AuditLogs::heads,
                (db, moment) -> page.page(moment, Probes.list(db, moment, filter, page), Probes::key));
    }

    @GET
    @Path("{probeId}")
    @Operation(
            operationId = "probe",
            summary = "A probe with every attempt, the line of the log it stands in, and the signed root above that")
    public RestResponse<ProbeAnswer> probe(@RestPath String probeId, @RestQuery @Nullable String at) {
        if (!ID.matcher(probeId).matches()) {
            throw ProblemException.badInput(
                    "probeId", "probeId is 32 hex digits, not '%s'".formatted(ProblemException.shortened(probeId)));
        }
        return answers.at(at, AuditLogs::heads, (db, moment) -> Probes.find(db, moment, probeId));
    }
}
