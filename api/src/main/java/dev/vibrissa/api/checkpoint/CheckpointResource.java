package dev.vibrissa.api.checkpoint;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

@Path("/v1/checkpoints")
@Tag(name = "chain")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class CheckpointResource {
    private final Answers answers;

    CheckpointResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Path("{checkpoint}")
    @Operation(operationId = "checkpoint", summary = "A Sui checkpoint and what it did to Walrus")
    public RestResponse<CheckpointView> checkpoint(
            @Parameter(description = "Sequence number of the checkpoint.", example = "1012") @RestPath
                    String checkpoint) {
        long number = Input.checkpoint("checkpoint", checkpoint);
        return answers.one("checkpoint:" + number, CheckpointQueries::checkpoint);
    }
}
