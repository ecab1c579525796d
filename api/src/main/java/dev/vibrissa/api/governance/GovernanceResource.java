package dev.vibrissa.api.governance;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/governance")
@Tag(name = "governance")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class GovernanceResource {
    private final Answers answers;

    GovernanceResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Path("parameters")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "parameters",
            summary = "Prices and capacity, the votes behind them, and the versions of protocol and contracts")
    public RestResponse<ParametersView> parameters(@RestQuery @Nullable String at) {
        return answers.at(at, ParameterQueries::read);
    }

    @GET
    @Path("upgrades")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "upgrades",
            summary = "Votes on new versions of the contracts, round by round, and what came of them")
    public RestResponse<Page<UpgradeView>> upgrades(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 3);
        return answers.at(
                at,
                (db, moment) -> page.page(moment, UpgradeQueries.list(db, moment, page), each -> key(each.key()))
                        .map(UpgradeQueries.Listed::view));
    }

    @GET
    @Path("slashing")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "slashing", summary = "Votes on burning the commission of nodes, round by round")
    public RestResponse<Page<SlashingView>> slashing(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 3);
        return answers.at(
                at,
                (db, moment) -> page.page(moment, SlashingQueries.list(db, moment, page), each -> key(each.key()))
                        .map(SlashingQueries.Listed::view));
    }

    @GET
    @Path("deny-lists")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "denyLists", summary = "Lists of blobs that nodes refuse to serve: their sizes and roots")
    public RestResponse<Page<DenyListView>> denyLists(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 3);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        GovernanceQueries.denyLists(db, moment, page),
                        each -> List.of(
                                Long.toString(each.step().checkpoint()),
                                Integer.toString(each.step().txIndex()),
                                Integer.toString(each.walrusOrdinal()))));
    }

    @GET
    @Path("contracts")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "contracts",
            summary = "Versions of the contracts in force, one after the other, and where their state lies")
    public RestResponse<Page<ContractView>> contracts(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 2);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        GovernanceQueries.contracts(db, moment, page),
                        each -> List.of(Long.toString(each.checkpoint()), Integer.toString(each.txIndex()))));
    }

    private static List<String> key(Votes.Round round) {
        return List.of(
                Long.toString(round.checkpoint()),
                Integer.toString(round.txIndex()),
                HexFormat.of().formatHex(round.subject().array()));
    }
}
