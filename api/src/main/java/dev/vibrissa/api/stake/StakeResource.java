package dev.vibrissa.api.stake;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.stake.StakeViews.OperationView;
import dev.vibrissa.api.stake.StakeViews.StakeAnswer;
import dev.vibrissa.api.stake.StakeViews.StakeView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1")
@Tag(name = "stake")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class StakeResource {
    private static final List<String> KINDS =
            List.of("observed", "stake", "request", "withdraw", "split", "join", "transfer", "wrap", "unwrap");

    private final Answers answers;
    private final Quotes quotes;

    StakeResource(Answers answers, Quotes quotes) {
        this.answers = answers;
        this.quotes = quotes;
    }

    @GET
    @Path("stakes")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "stakes", summary = "Positions of stake with their value, by object id")
    public RestResponse<Page<StakeView>> stakes(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @Parameter(
                            description = "Only stake that this address holds itself.",
                            example = "0xf391355893d19a7242bcc7287fb26e303707219c1bee71c0ba573ad6b248d27f")
                    @RestQuery
                    @Nullable
                    String owner,
            @RestQuery @Nullable String nodeId,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 1);
        var ofOwner = Input.optional(owner, text -> Input.address("owner", text));
        var ofNode = Input.optional(nodeId, text -> Input.address("nodeId", text));
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        Stakes.list(db, moment, ofOwner, ofNode, Optional.empty(), page, quotes),
                        stake -> List.of(PageRequest.hex(stake.objectId()))));
    }

    @GET
    @Path("stakes/{stakeId}")
    @Operation(operationId = "stake", summary = "A position of stake through time")
    public RestResponse<StakeAnswer> stake(UriInfo uri, @RestPath String stakeId, @RestQuery @Nullable String at) {
        var id = Input.address("stakeId", stakeId);
        var page = PageRequest.of(uri, null, null, 1);
        return answers.at(at, (db, moment) -> {
            var history = Stakes.history(db, moment, id);
            if (history.isEmpty()) {
                throw ProblemException.notFound(
                        "no stake %s is known at checkpoint %d".formatted(id, moment.checkpoint()));
            }
            var now = Stakes.list(db, moment, Optional.empty(), Optional.empty(), Optional.of(id), page, quotes);
            return new StakeAnswer(moment.asOf(), now.isEmpty() ? null : now.getFirst(), history);
        });
    }

    @GET
    @Path("stake-operations")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "stakeOperations",
            summary =
                    "What was done with stake: staked, asked back, paid out, split, joined, passed on; in chain order")
    public RestResponse<Page<OperationView>> operations(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @Parameter(
                            description = "observed, stake, request, withdraw, split, join, transfer, wrap or unwrap.",
                            example = "stake")
                    @RestQuery
                    @Nullable
                    String kind,
            @RestQuery @Nullable String nodeId,
            @Parameter(
                            description = "Only operations from or to this address.",
                            example = "0xf391355893d19a7242bcc7287fb26e303707219c1bee71c0ba573ad6b248d27f")
                    @RestQuery
                    @Nullable
                    String owner,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 3);
        var ofKind = Input.optional(kind, text -> Input.oneOf("kind", text, KINDS));
        var ofNode = Input.optional(nodeId, text -> Input.address("nodeId", text));
        var ofOwner = Input.optional(owner, text -> Input.address("owner", text));
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        Stakes.operations(db, moment, ofKind, ofNode, ofOwner, page),
                        each -> List.of(
                                Long.toString(each.checkpoint()),
                                Integer.toString(each.txIndex()),
                                Integer.toString(each.ordinal()))));
    }
}
