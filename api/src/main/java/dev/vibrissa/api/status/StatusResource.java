package dev.vibrissa.api.status;

import dev.vibrissa.api.answer.Answers;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

@Path("/v1/status")
@Tag(name = "network")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class StatusResource {
    private final Answers answers;

    StatusResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Operation(
            operationId = "status",
            summary =
                    "Whether to believe the rest: lag, ranges, sources, mismatches, what could not be read, our outages")
    public RestResponse<StatusView> status() {
        return answers.now(StatusQueries::status);
    }
}
