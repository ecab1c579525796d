package dev.vibrissa.api.concentration;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.concentration.HostAddresses.Resolved;
import dev.vibrissa.api.input.Input;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
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
class ConcentrationResource {
    private final Answers answers;
    private final Organisations organisations;
    private final HostResolution hosts;

    ConcentrationResource(Answers answers, Organisations organisations, HostResolution hosts) {
        this.answers = answers;
        this.organisations = organisations;
        this.hosts = hosts;
    }

    @GET
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
            @RestQuery @Nullable String at) {
        var grouping = by == null ? Grouping.NODE : Grouping.of(Input.oneOf("by", by, Grouping.WORDS));
        var declared = organisations.byNode();
        var resolved = grouping.resolves() ? hosts.known() : Map.<String, Resolved>of();
        // A past state is for ever, who operates a node and where its name leads is not.
        String besides = grouping == Grouping.NODE || grouping == Grouping.DOMAIN ? "" : declared + " " + resolved;
        return answers.at(
                at, besides, (db, moment) -> ConcentrationQueries.read(db, moment, grouping, declared, resolved));
    }
}
