package dev.vibrissa.api.reconciliation;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.protocol.sui.Digest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/reconciliation")
@Tag(name = "money")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class ReconciliationResource {
    private final Answers answers;

    ReconciliationResource(Answers answers) {
        this.answers = answers;
    }

    /** One check. */
    @Schema(name = "Reconciliation")
    record Check(
            @Schema(examples = "1038") long checkpoint,
            Digest tx,
            @Schema(examples = "0") int txIndex,
            @Schema(examples = "1") long epoch,

            @Schema(
                    description =
                            "rewards: the pot against burn, rewards and leftover; accounts: the pot against all that"
                                    + " we saw put in; payments, subsidies, wal: transactions that do not add up.",
                    examples = "rewards")
            String what,

            @Schema(description = "By the contract's own counters.", examples = "21474004")
            String expected,

            @Schema(description = "By us.", examples = "21474004")
            String derived,

            @Schema(examples = "0") String residual) {}

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "reconciliation", summary = "What we derived against what the contract counts")
    public RestResponse<Page<Check>> list(
            UriInfo uri,
            @Parameter(description = "true: only what does not agree.", example = "true") @RestQuery @Nullable
                    String mismatch,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        boolean onlyMismatches =
                Input.optional(mismatch, text -> Input.bool("mismatch", text)).orElse(false);
        var page = PageRequest.of(uri, limit, cursor, 3);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        db.list(
                                """
                                select * from reconciliation
                                where (residual <> 0 or not ?) and checkpoint <= ?
                                  and (checkpoint, tx_index, what) > (?, ?, ?)
                                order by checkpoint, tx_index, what
                                limit ?
                                """,
                                row -> new Check(
                                        row.number("checkpoint"),
                                        row.digest("tx_digest"),
                                        row.integer("tx_index"),
                                        row.number("epoch"),
                                        row.text("what"),
                                        row.amount("expected"),
                                        row.amount("derived"),
                                        row.amount("residual")),
                                onlyMismatches,
                                moment.checkpoint(),
                                page.afterNumber(0, -1),
                                page.afterNumber(1, -1),
                                page.afterText(2),
                                page.fetch()),
                        item -> List.of(
                                Long.toString(item.checkpoint()), Integer.toString(item.txIndex()), item.what())));
    }
}
