package dev.vibrissa.api.governance;

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
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/governance/report")
@Tag(name = "governance")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ReportResource {
    private final Answers answers;

    ReportResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "governanceReport",
            summary = "What was decided in a range of epochs, and who took part; printable at /governance/report")
    public RestResponse<ReportView> report(
            @Parameter(description = "First Walrus epoch; the same as to without it.", example = "7")
                    @RestQuery
                    @Nullable
                    String from,
            @Parameter(description = "Last Walrus epoch, included; the running one without it.", example = "7")
                    @RestQuery
                    @Nullable
                    String to,
            @RestQuery @Nullable String at) {
        var first = Input.optional(from, text -> Input.epoch("from", text));
        var last = Input.optional(to, text -> Input.epoch("to", text));
        return answers.at(at, (db, moment) -> {
            long end = last.orElse(moment.epoch());
            return ReportQueries.read(db, moment, first.orElse(end), end);
        });
    }
}
