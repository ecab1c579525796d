package dev.vibrissa.api.search;

import dev.vibrissa.api.answer.Answers;
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

@Path("/v1/search")
@Tag(name = "network")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class SearchResource {
    private final Answers answers;

    SearchResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "search",
            summary = "What is known by a text: blob, object, address, operator, transaction, checkpoint, epoch",
            description =
                    "Takes a blob id in any notation, an object id, address or node id, a digest of a transaction or"
                            + " checkpoint, a number, a part of an operator's name, an attribute as key=value, or a link that ends"
                            + " with one of these. Finds what there is; what the text looks like stands under shapes.")
    public RestResponse<SearchView> search(
            @Parameter(description = "What to look for, at most 500 characters.", example = "node-4")
                    @RestQuery
                    @Nullable
                    String q,
            @RestQuery @Nullable String at) {
        String text = Searches.bare(q == null ? "" : q);
        // Not by kept plans: whether there is any row of a value that is in none would be asked of the whole table.
        return answers.at(at, (db, moment) -> Searches.find(db, moment, text));
    }
}
