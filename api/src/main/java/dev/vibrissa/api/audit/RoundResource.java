package dev.vibrissa.api.audit;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.audit.AuditViews.RoundAnswer;
import dev.vibrissa.api.audit.AuditViews.RoundView;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/rounds")
@Tag(name = "audits")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RoundResource {
    private final Answers answers;

    RoundResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "rounds", summary = "Rounds, the missed ones too, from the newest on")
    public RestResponse<Page<RoundView>> list(
            UriInfo uri,
            @RestQuery @Nullable String epoch,
            @Parameter(description = "running, done or missed.", example = "done") @RestQuery @Nullable String state,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var of = Input.optional(epoch, text -> Input.epoch("epoch", text)).orElse(null);
        var in = Input.optional(state, text -> Input.oneOf("state", text, Rounds.STATES))
                .orElse(null);
        var page = PageRequest.of(uri, limit, cursor, 3);
        return answers.at(
                at,
                AuditLogs::heads,
                (db, moment) -> page.page(
                        moment,
                        Rounds.list(db, moment, of, in, page),
                        each -> List.of(Long.toString(each.epoch()), Long.toString(each.round()), each.prover())));
    }

    @GET
    @Path("{roundId}")
    @Operation(operationId = "round", summary = "A round: its seed, its plan, and what the probes came to")
    public RestResponse<RoundAnswer> round(@RestPath String roundId, @RestQuery @Nullable String at) {
        var id = RoundId.parse("roundId", roundId);
        return answers.at(at, AuditLogs::heads, (db, moment) -> Rounds.find(db, moment, id));
    }

    @GET
    @Path("{roundId}/replay")
    @Operation(
            operationId = "roundReplay",
            summary = "All that running a round again takes, as the file that ./vibrissa replay reads")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.OBJECT)))
    public RestResponse<String> replay(@RestPath String roundId) {
        var id = RoundId.parse("roundId", roundId);
        var answer = answers.at(null, AuditLogs::heads, (db, moment) -> Rounds.replay(db, id));
        answer.getHeaders()
                .putSingle(HttpHeaders.CONTENT_DISPOSITION, "inline; filename=\"replay-%s.json\"".formatted(id));
        return answer;
    }
}
