package dev.vibrissa.api.concentration;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.concentration.ConcentrationQueries.Epochs;
import dev.vibrissa.api.concentration.HostAddresses.Resolved;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/concentration")
@Tag(name = "governance")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ConcentrationResource {
    /** A year of epochs of two weeks. */
    private static final int USUAL_EPOCHS = 26;

    private static final int MOST_EPOCHS = 520;

    private final Answers answers;
    private final Organisations organisations;
    private final HostResolution hosts;

    ConcentrationResource(Answers answers, Organisations organisations, HostResolution hosts) {
        this.answers = answers;
        this.organisations = organisations;
        this.hosts = hosts;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "concentration",
            summary = "How evenly shards are divided among nodes, organisations, hosts or networks, epoch by epoch")
    public RestResponse<ConcentrationView> concentration(
            @Parameter(
                            description =
                                    "Whom to count as one: node, organisation, domain, host or prefix; node without it.",
                            example = "domain")
                    @RestQuery
                    @Nullable
                    String by,
            @RestQuery @Nullable String at,
            @Parameter(
                            description =
                                    "First epoch of the history; without it, 25 before the last. At most 520 epochs.",
                            example = "1")
                    @RestQuery
                    @Nullable
                    String fromEpoch,
            @Parameter(description = "Last epoch of the history, inclusive; the running one without it.", example = "2")
                    @RestQuery
                    @Nullable
                    String toEpoch) {
        Optional<Long> from = Input.optional(fromEpoch, text -> Input.epoch("fromEpoch", text));
        Optional<Long> to = Input.optional(toEpoch, text -> Input.epoch("toEpoch", text));
        var grouping = by == null ? Grouping.NODE : Grouping.of(Input.oneOf("by", by, Grouping.WORDS));
        var declared = organisations.byNode();
        var resolved = grouping.resolves() ? hosts.known() : Map.<String, Resolved>of();
        // A past state is for ever, who operates a node and where its name leads is not.
        String besides = grouping == Grouping.NODE || grouping == Grouping.DOMAIN ? "" : declared + " " + resolved;
        return answers.at(
                at,
                besides,
                (db, moment) -> ConcentrationQueries.read(
                        db, moment, epochs(from, to.orElse(moment.epoch())), grouping, declared, resolved));
    }

    private static Epochs epochs(Optional<Long> from, long to) {
        var epochs = new Epochs(from.orElse(Math.max(0, to - USUAL_EPOCHS + 1)), to);
        if (epochs.from() > to || to - epochs.from() >= MOST_EPOCHS) {
            throw ProblemException.badInput(
                    "fromEpoch",
                    "from epoch %d to %d are not 1 to %d epochs".formatted(epochs.from(), to, MOST_EPOCHS));
        }
        return epochs;
    }
}
