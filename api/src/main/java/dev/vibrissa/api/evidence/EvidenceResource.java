package dev.vibrissa.api.evidence;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.protocol.sui.proof.EvidenceJson;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

@Path("/v1/evidence")
@Tag(name = "evidence")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class EvidenceResource {
    private final Answers answers;

    EvidenceResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Path("{tx}/{walrusOrdinal}")
    @Operation(
            operationId = "eventEvidence",
            summary = "Evidence for one event, as the file that ./vibrissa verify-evidence reads")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.OBJECT)))
    public RestResponse<String> ofEvent(@RestPath String tx, @RestPath String walrusOrdinal) {
        var digest = Input.digest("tx", tx);
        int ordinal = (int) Input.whole("walrusOrdinal", walrusOrdinal, 0, Integer.MAX_VALUE);
        var answer = answers.now((db, moment) -> EvidenceQueries.ofEvent(db, digest, ordinal, moment.checkpoint())
                .map(EvidenceJson::write)
                .orElseThrow(() -> ProblemException.notFound(
                        "no Walrus event %d of transaction %s is indexed with its checkpoint, up to checkpoint %d"
                                .formatted(ordinal, digest, moment.checkpoint()))));
        answer.getHeaders()
                .putSingle(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "inline; filename=\"evidence-%s-%d.json\"".formatted(digest, ordinal));
        return answer;
    }
}
