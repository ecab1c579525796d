package dev.vibrissa.api.event;

import dev.vibrissa.api.answer.Answers;
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
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/events")
@Tag(name = "chain")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class EventResource {
    private final Answers answers;

    EventResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "events", summary = "Every event of Walrus, in chain order")
    public RestResponse<Page<EventView>> list(
            UriInfo uri,
            @Parameter(description = "Only events of this Move name.", example = "PricesUpdated") @RestQuery @Nullable
                    String name,
            @Parameter(description = "Only events whose layout is known, or only the others.", example = "true")
                    @RestQuery
                    @Nullable
                    String known,
            @Parameter(description = "First checkpoint.", example = "1000") @RestQuery @Nullable String fromCheckpoint,
            @Parameter(description = "Last checkpoint.", example = "1143") @RestQuery @Nullable String toCheckpoint,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 3);
        var knownOrNot =
                Input.optional(known, text -> Input.bool("known", text)).orElse(null);
        var from = Input.optional(fromCheckpoint, text -> Input.checkpoint("fromCheckpoint", text))
                .orElse(null);
        long to = Input.optional(toCheckpoint, text -> Input.checkpoint("toCheckpoint", text))
                .orElse(Long.MAX_VALUE);
        return answers.at(at, (db, moment) -> {
            var filter = new EventQueries.Filter(name, knownOrNot, from, Math.min(to, moment.checkpoint()));
            return page.page(
                    moment,
                    EventQueries.list(db, filter, page),
                    event -> List.of(
                            Long.toString(event.checkpoint()),
                            Integer.toString(event.txIndex()),
                            Integer.toString(event.walrusOrdinal())));
        });
    }
}
