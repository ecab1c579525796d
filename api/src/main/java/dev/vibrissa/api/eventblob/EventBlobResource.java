package dev.vibrissa.api.eventblob;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.eventblob.EventBlobViews.AuditView;
import dev.vibrissa.api.eventblob.EventBlobViews.CandidateView;
import dev.vibrissa.api.eventblob.EventBlobViews.DifferenceView;
import dev.vibrissa.api.eventblob.EventBlobViews.ProgressView;
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
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/event-blobs")
@Tag(name = "chain")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class EventBlobResource {
    private final Answers answers;

    EventBlobResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "eventBlobs",
            summary =
                    "Event blobs, the files in which storage nodes keep all events, held against our rows; newest first")
    public RestResponse<Page<AuditView>> list(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 2);
        return answers.at(
                at,
                EventBlobs::state,
                (db, moment) -> page.page(
                        moment,
                        EventBlobs.list(db, moment, page),
                        each -> List.of(Long.toString(each.lastCheckpoint()), PageRequest.hex(each.blobId()))));
    }

    @GET
    @Path("differences")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "eventBlobDifferences", summary = "Each event in which an event blob and our rows differ")
    public RestResponse<Page<DifferenceView>> differences(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 3);
        return answers.at(
                at,
                EventBlobs::state,
                (db, moment) -> page.page(
                        moment,
                        EventBlobs.differences(db, moment, page),
                        each -> List.of(
                                Long.toString(each.checkpoint()),
                                PageRequest.hex(each.blobId()),
                                Integer.toString(each.number()))));
    }

    @GET
    @Path("candidates")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "eventBlobCandidates",
            summary = "Which event blobs nodes attested to, newest first; two for one checkpoint are a disagreement")
    public RestResponse<Page<CandidateView>> candidates(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 2);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        EventBlobs.candidates(db, moment, page),
                        each -> List.of(each.endingCheckpoint(), PageRequest.hex(each.blobId()))));
    }

    @GET
    @Path("progress")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "nodeProgress",
            summary =
                    "How many events and checkpoints each node was behind us, or we behind it, when it was last asked")
    public RestResponse<Page<ProgressView>> progress(
            UriInfo uri, @RestQuery @Nullable String limit, @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 1);
        return answers.at(
                null,
                EventBlobs::progressState,
                (db, moment) -> page.page(
                        moment,
                        EventBlobs.progress(db, moment, page),
                        each -> List.of(PageRequest.hex(each.nodeId()))));
    }
}
