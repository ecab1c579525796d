package dev.vibrissa.api.audit;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.audit.AuditViews.ShardView;
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
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/blobs/{blobId}/availability")
@Tag(name = "audits")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class AvailabilityResource {
    private final Answers answers;

    AvailabilityResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "blobAvailability",
            summary = "Which shards were proven to serve a blob, and when; those never drawn are not listed",
            description = "As the leading vantage saw it, or as the one did that is asked for: all ask the same.")
    public RestResponse<Page<ShardView>> ofBlob(
            UriInfo uri,
            @RestPath String blobId,
            @Parameter(description = "Ed25519 key of the vantage in hex; the leading one without it.")
                    @RestQuery
                    @Nullable
                    String prover,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var id = Input.blobId("blobId", blobId);
        var by = Input.optional(prover, AuditLogs::prover).orElse(null);
        var page = PageRequest.of(uri, limit, cursor, 1);
        return answers.at(
                at,
                AuditLogs::heads,
                (db, moment) -> page.page(
                        moment,
                        Probes.availability(db, moment, id, by, page),
                        each -> List.of(Integer.toString(each.shard()))));
    }
}
