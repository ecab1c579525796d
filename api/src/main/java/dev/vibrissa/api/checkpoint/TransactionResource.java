package dev.vibrissa.api.checkpoint;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.checkpoint.CheckpointView.TransactionAnswer;
import dev.vibrissa.api.checkpoint.CheckpointView.TransactionItem;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.problem.ProblemException;
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

@Path("/v1/transactions")
@Tag(name = "chain")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class TransactionResource {
    private final Answers answers;

    TransactionResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "transactions", summary = "Transactions that touched Walrus, in chain order")
    public RestResponse<Page<TransactionItem>> list(
            UriInfo uri,
            @Parameter(description = "Only those that failed, or only those that succeeded.", example = "true")
                    @RestQuery
                    @Nullable
                    String failed,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 2);
        var failedOrNot =
                Input.optional(failed, text -> Input.bool("failed", text)).orElse(null);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        CheckpointQueries.list(db, moment, failedOrNot, page),
                        item -> List.of(Long.toString(item.checkpoint()), Integer.toString(item.txIndex()))));
    }

    @GET
    @Path("{tx}")
    @Operation(operationId = "transaction", summary = "A transaction that touched Walrus")
    public RestResponse<TransactionAnswer> transaction(
            @Parameter(
                            description = "Digest of the transaction.",
                            example = "6EW5AyjdVTURCUkK3zWzBCwBQdq72nUoLK5dLZLeHRwB")
                    @RestPath
                    String tx) {
        var digest = Input.digest("tx", tx);
        return answers.one(
                null,
                (db, moment) -> new TransactionAnswer(
                        moment.asOf(),
                        CheckpointQueries.transaction(db, digest)
                                .orElseThrow(() -> ProblemException.notFound(
                                        "no transaction %s that touched Walrus is indexed up to checkpoint %d"
                                                .formatted(digest, moment.checkpoint())))));
    }
}
