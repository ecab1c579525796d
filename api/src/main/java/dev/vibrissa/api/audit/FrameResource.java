package dev.vibrissa.api.audit;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.audit.AuditViews.FrameAnswer;
import dev.vibrissa.api.audit.AuditViews.FrameView;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/frames")
@Tag(name = "audits")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class FrameResource {
    private final Answers answers;

    FrameResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "frames", summary = "What could be asked in each epoch, from the newest on")
    public RestResponse<Page<FrameView>> list(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 1);
        return answers.at(
                at,
                AuditLogs::heads,
                (db, moment) ->
                        page.page(moment, Frames.list(db, moment, page), each -> List.of(Long.toString(each.epoch()))));
    }

    @GET
    @Path("{epoch}")
    @Operation(
            operationId = "frame",
            summary = "The frame of an epoch: root, strata, members, and where it stands in the log")
    public RestResponse<FrameAnswer> frame(@RestPath String epoch, @RestQuery @Nullable String at) {
        long number = Input.epoch("epoch", epoch);
        return answers.at(at, AuditLogs::heads, (db, moment) -> Frames.find(db, moment, number));
    }
}
