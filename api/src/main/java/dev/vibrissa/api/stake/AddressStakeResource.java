package dev.vibrissa.api.stake;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.quote.Quotes;
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

@Path("/v1/addresses")
@Tag(name = "stake")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class AddressStakeResource {
    private final Answers answers;
    private final Quotes quotes;

    AddressStakeResource(Answers answers, Quotes quotes) {
        this.answers = answers;
        this.quotes = quotes;
    }

    @GET
    @Path("{address}/stakes")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "addressStakes",
            summary = "Positions that an address holds itself, with their value, by object id")
    public RestResponse<Page<StakeView>> stakes(
            UriInfo uri,
            @RestPath String address,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var owner = Input.address("address", address);
        var page = PageRequest.of(uri, limit, cursor, 1);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        Stakes.list(db, moment, Optional.of(owner), Optional.empty(), Optional.empty(), page, quotes),
                        stake -> List.of(PageRequest.hex(stake.objectId()))));
    }

    @GET
    @Path("{address}/statement")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "addressStatement",
            summary = "The stake of an address over some epochs: opening, what came and went, what it earned, closing")
    public RestResponse<Page<Statement.Line>> statement(
            UriInfo uri,
            @RestPath String address,
            @RestQuery @Nullable String at,
            @Parameter(description = "First epoch; the first of our history without it.", example = "2")
                    @RestQuery
                    @Nullable
                    String fromEpoch,
            @Parameter(description = "Last epoch, inclusive; the running one without it.", example = "3")
                    @RestQuery
                    @Nullable
                    String toEpoch,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var owner = Input.address("address", address);
        long from = fromEpoch == null ? 0 : Input.epoch("fromEpoch", fromEpoch);
        Optional<Long> last = Input.optional(toEpoch, text -> Input.epoch("toEpoch", text));
        var page = PageRequest.of(uri, limit, cursor, 1);
        return answers.at(at, (db, moment) -> {
            long to = last.orElse(moment.epoch());
            if (from > to && last.isPresent()) {
                throw ProblemException.badInput(
                        "fromEpoch", "epoch %d comes after toEpoch, which is %d".formatted(from, to));
            }
            if (Math.max(from, to) > moment.epoch()) {
                throw ProblemException.notIndexed("Walrus epoch %d is not indexed: at checkpoint %d, epoch %d runs"
                        .formatted(Math.max(from, to), moment.checkpoint(), moment.epoch()));
            }
            var lines = new Statement(db, moment, owner, quotes).lines(from, to);
            long after = page.afterNumber(0, -1);
            return page.page(
                    moment,
                    lines.stream()
                            .filter(line -> line.number() > after)
                            .limit(page.fetch())
                            .toList(),
                    line -> List.of(Integer.toString(line.number())));
        });
    }
}
