package dev.vibrissa.api.audit;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.audit.AuditViews.NetworkAvailability;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/availability")
@Tag(name = "audits")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class NetworkAvailabilityResource {
    private final Answers answers;

    NetworkAvailabilityResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Operation(
            operationId = "networkAvailability",
            summary = "How much of what a committee must keep it would serve, as audits estimate it",
            description = "Of an epoch, the newest that was audited without one.")
    public RestResponse<NetworkAvailability> ofNetwork(
            @Parameter(description = "epoch, 30d or all; 30d without it.") @RestQuery @Nullable String window,
            @RestQuery @Nullable String epoch,
            @RestQuery @Nullable String at) {
        String as = ScoreResource.window(window);
        var of = Input.optional(epoch, text -> Input.epoch("epoch", text));
        return answers.at(
                at,
                AuditLogs::heads,
                (db, moment) -> Scores.network(
                        db,
                        moment,
                        as,
                        of.or(() -> Scores.newestEpoch(db, moment))
                                .orElseThrow(() -> ProblemException.notFound("no round was done as of %s"
                                        .formatted(moment.asOf().timestamp())))));
    }
}
