package dev.vibrissa.api.network;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.network.NetworkView.Quarantined;
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

@Path("/v1")
@Tag(name = "network")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class NetworkResource {
    private final Answers answers;

    NetworkResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Path("network")
    @Operation(operationId = "network", summary = "Which chain this is, how far it is read, and how it was verified")
    public RestResponse<NetworkView> network() {
        return answers.now(NetworkQueries::network);
    }

    @GET
    @Path("quarantine")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "quarantine", summary = "What no decoder understands, kept as bytes")
    public RestResponse<Page<Quarantined>> quarantine(
            UriInfo uri, @RestQuery @Nullable String limit, @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 4);
        return answers.now((db, moment) -> page.page(
                moment,
                NetworkQueries.quarantine(db, page),
                item -> List.of(
                        Long.toString(item.checkpoint()),
                        Integer.toString(item.txIndex()),
                        item.part(),
                        item.reference())));
    }
}
