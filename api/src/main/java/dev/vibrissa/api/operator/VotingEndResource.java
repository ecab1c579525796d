package dev.vibrissa.api.operator;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.operator.OperatorViews.VotingEndView;
import dev.vibrissa.api.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/epochs")
@Tag(name = "epochs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class VotingEndResource {
    private final Answers answers;

    VotingEndResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Path("{epoch}/candidates")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "candidates",
            summary = "Who stood for the committee of an epoch when voting ended, and who was chosen")
    public RestResponse<VotingEndView> candidates(@RestPath String epoch, @RestQuery @Nullable String at) {
        long number = Input.epoch("epoch", epoch);
        return answers.at(
                at,
                (db, moment) -> VotingEnds.find(db, moment, number)
                        .orElseThrow(() -> ProblemException.notFound(
                                "the vote for Walrus epoch %d has not ended at checkpoint %d, or ended"
                                        .concat(" before our history begins at checkpoint %d")
                                        .formatted(
                                                number,
                                                moment.checkpoint(),
                                                moment.asOf().firstCheckpoint()))));
    }
}
