package dev.vibrissa.api.reconciliation;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.eventblob.EventBlobs;
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

@Path("/v1/reconciliation")
@Tag(name = "money")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ReconciliationResource {
    private final Answers answers;

    ReconciliationResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "reconciliation",
            summary = "What we derived against what the contract counts, transaction by transaction and epoch by epoch")
    public RestResponse<Page<CheckView>> list(
            UriInfo uri,
            @Parameter(description = "true: only what does not agree.", example = "true") @RestQuery @Nullable
                    String mismatch,
            @Parameter(description = "Only this check.", example = "accounts") @RestQuery @Nullable String what,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        boolean onlyMismatches =
                Input.optional(mismatch, text -> Input.bool("mismatch", text)).orElse(false);
        var check = Input.optional(what, text -> Input.oneOf("what", text, Reconciliations.CHECKS));
        var page = PageRequest.of(uri, limit, cursor, 4);
        return answers.at(
                at,
                EventBlobs::state,
                (db, moment) -> page.page(
                        moment,
                        Reconciliations.list(db, moment, onlyMismatches, check.orElse(null), page),
                        item -> List.of(
                                Long.toString(item.checkpoint()),
                                Integer.toString(item.txIndex()),
                                item.what(),
                                item.subject() == null ? "" : PageRequest.hex(item.subject()))));
    }
}
