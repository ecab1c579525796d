package dev.vibrissa.api.operator;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.operator.CastVotes.VoteView;
import dev.vibrissa.api.operator.Duties.DenyListUpdate;
import dev.vibrissa.api.operator.Duties.EpochDuties;
import dev.vibrissa.api.operator.OperatorViews.CommissionAnswer;
import dev.vibrissa.api.operator.OperatorViews.OperatorAnswer;
import dev.vibrissa.api.operator.OperatorViews.OperatorView;
import dev.vibrissa.api.operator.OperatorViews.ProfileView;
import dev.vibrissa.api.operator.OperatorViews.RateView;
import dev.vibrissa.api.operator.OperatorViews.RewardView;
import dev.vibrissa.api.operator.OperatorViews.ShardsView;
import dev.vibrissa.api.operator.YieldProjections.ProjectionAnswer;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.stake.Delegations;
import dev.vibrissa.api.stake.Delegations.Delegator;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/operators")
@Tag(name = "stake")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class OperatorResource {
    private final Answers answers;
    private final Quotes quotes;

    OperatorResource(Answers answers, Quotes quotes) {
        this.answers = answers;
        this.quotes = quotes;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "operators", summary = "Operators with stake, commission and votes, by node id")
    public RestResponse<Page<OperatorView>> list(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 1);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        Operators.list(db, moment, page),
                        operator -> List.of(PageRequest.hex(operator.nodeId()))));
    }

    @GET
    @Path("{nodeId}")
    @Operation(operationId = "operator", summary = "An operator, and how it keeps its duties")
    public RestResponse<OperatorAnswer> operator(@RestPath String nodeId, @RestQuery @Nullable String at) {
        var node = Input.address("nodeId", nodeId);
        return answers.at(at, (db, moment) -> {
            var operator = find(db, moment, node);
            var kept = new OperatorRecord(db, moment, node);
            return new OperatorAnswer(moment.asOf(), operator, kept.profile(), new Duties(db, moment, node).summary());
        });
    }

    @GET
    @Path("{nodeId}/history")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "operatorHistory",
            summary = "Names, addresses, keys and rights of an operator through time")
    public RestResponse<Page<ProfileView>> history(
            UriInfo uri,
            @RestPath String nodeId,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 2);
        return page(
                nodeId,
                at,
                page,
                (db, moment, node) -> new OperatorRecord(db, moment, node).profiles(page),
                each -> List.of(Long.toString(each.checkpoint()), Integer.toString(each.txIndex())));
    }

    @GET
    @Path("{nodeId}/commission")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "operatorCommission",
            summary = "Commission now, announced with a flag for sharp rises, and collected")
    public RestResponse<CommissionAnswer> commission(@RestPath String nodeId, @RestQuery @Nullable String at) {
        var node = Input.address("nodeId", nodeId);
        return answers.at(at, (db, moment) -> {
            var operator = find(db, moment, node);
            return new OperatorRecord(db, moment, node).commission(operator.commission(), quotes);
        });
    }

    @GET
    @Path("{nodeId}/rewards")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "operatorRewards",
            summary = "What each epoch brought an operator and its stakers, and the yield")
    public RestResponse<Page<RewardView>> rewards(
            UriInfo uri,
            @RestPath String nodeId,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 1);
        return page(
                nodeId,
                at,
                page,
                (db, moment, node) -> new OperatorRecord(db, moment, node).rewards(page, quotes),
                each -> List.of(Long.toString(each.epoch())));
    }

    @GET
    @Path("{nodeId}/rates")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "operatorRates", summary = "What a share of the pool was worth, epoch by epoch")
    public RestResponse<Page<RateView>> rates(
            UriInfo uri,
            @RestPath String nodeId,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 1);
        return page(
                nodeId,
                at,
                page,
                (db, moment, node) -> Operators.rates(db, moment, node, page),
                each -> List.of(Long.toString(each.epoch())));
    }

    @GET
    @Path("{nodeId}/shards")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "operatorShards", summary = "Shards of an operator, epoch by epoch")
    public RestResponse<Page<ShardsView>> shards(
            UriInfo uri,
            @RestPath String nodeId,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 1);
        return page(
                nodeId,
                at,
                page,
                (db, moment, node) -> new OperatorRecord(db, moment, node).shards(page),
                each -> List.of(Long.toString(each.epoch())));
    }

    @GET
    @Path("{nodeId}/votes")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "operatorVotes",
            summary = "Votes of an operator on prices, capacity, upgrades and slashing, and those that it missed")
    public RestResponse<Page<VoteView>> votes(
            UriInfo uri,
            @RestPath String nodeId,
            @RestQuery @Nullable String at,
            @Parameter(
                            description = "storagePrice, writePrice, nodeCapacity, upgrade or slashing.",
                            example = "storagePrice")
                    @RestQuery
                    @Nullable
                    String what,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 4);
        var on = Input.optional(what, text -> Input.oneOf("what", text, CastVotes.KINDS));
        return page(nodeId, at, page, (db, moment, node) -> CastVotes.of(db, moment, node, on, page), CastVotes::key);
    }

    @GET
    @Path("{nodeId}/duties")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "operatorDuties",
            summary = "How an operator kept its duties, epoch by epoch: punctuality, certificates, event blobs, votes")
    public RestResponse<Page<EpochDuties>> duties(
            UriInfo uri,
            @RestPath String nodeId,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 1);
        return page(
                nodeId,
                at,
                page,
                (db, moment, node) -> new Duties(db, moment, node).epochs(page),
                each -> List.of(Long.toString(each.epoch())));
    }

    @GET
    @Path("{nodeId}/deny-list")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "operatorDenyList", summary = "Updates of an operator's deny list, with its size")
    public RestResponse<Page<DenyListUpdate>> denyList(
            UriInfo uri,
            @RestPath String nodeId,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 3);
        return page(
                nodeId,
                at,
                page,
                (db, moment, node) -> new Duties(db, moment, node).denyList(page),
                each -> List.of(
                        Long.toString(each.checkpoint()),
                        Integer.toString(each.txIndex()),
                        Integer.toString(each.walrusOrdinal())));
    }

    @GET
    @Path("{nodeId}/projection")
    @Operation(
            operationId = "operatorProjection",
            summary = "What staking with an operator would yield if things went on as they did: an estimate, with its"
                    + " assumptions and inputs")
    public RestResponse<ProjectionAnswer> projection(
            @RestPath String nodeId,
            @RestQuery @Nullable String at,
            @Parameter(description = "How many of the last epochs it rests on, 8 unless said otherwise.", example = "4")
                    @RestQuery
                    @Nullable
                    String epochs) {
        var node = Input.address("nodeId", nodeId);
        int count = (int)
                (epochs == null
                        ? YieldProjections.USUAL_EPOCHS
                        : Input.whole("epochs", epochs, 1, YieldProjections.MOST_EPOCHS));
        return answers.at(at, (db, moment) -> {
            var operator = find(db, moment, node);
            return YieldProjections.of(db, moment, operator, count);
        });
    }

    @GET
    @Path("{nodeId}/delegators")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "operatorDelegators",
            summary =
                    "Who has stake with an operator, with principal and value; positions are under /v1/stakes?nodeId=")
    public RestResponse<Page<Delegator>> delegators(
            UriInfo uri,
            @RestPath String nodeId,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 1);
        return page(
                nodeId,
                at,
                page,
                (db, moment, node) -> Delegations.of(db, moment, node, page),
                each -> List.of(PageRequest.hex(each.holder())));
    }

    @FunctionalInterface
    private interface Rows<T> {
        List<T> of(Snapshot db, Moment moment, SuiAddress node);
    }

    private <T> RestResponse<Page<T>> page(
            String nodeId, @Nullable String at, PageRequest page, Rows<T> rows, Function<T, List<String>> key) {
        var node = Input.address("nodeId", nodeId);
        return answers.at(at, (db, moment) -> {
            find(db, moment, node);
            return page.page(moment, rows.of(db, moment, node), key);
        });
    }

    private static OperatorView find(Snapshot db, Moment moment, SuiAddress node) {
        return Operators.find(db, moment, node)
                .orElseThrow(() -> ProblemException.notFound(
                        "no operator %s is known at checkpoint %d".formatted(node, moment.checkpoint())));
    }
}
