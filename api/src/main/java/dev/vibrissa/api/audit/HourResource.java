package dev.vibrissa.api.audit;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.protocol.sui.SuiAddress;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/hours")
@Tag(name = "audits")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class HourResource {
    /** Two weeks. */
    private static final int MOST_HOURS = 336;

    private static final int USUAL_HOURS = 48;

    private final Answers answers;

    HourResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * Probes of a node that began in an hour.
     *
     * @param served proven, slow ones included
     */
    @Schema(description = "Probes of a node that began in an hour.")
    public record NodeHour(
            SuiAddress nodeId,
            Instant hour,

            @Schema(description = "Proven, slow ones included.", examples = "14")
            long served,

            List<Blamed> failed) {}

    /**
     * Failures of one kind.
     *
     * @param counts whether they are in the score by one vantage's word alone
     */
    @Schema(description = "Failures of one kind.")
    public record Blamed(
            @Schema(
                    examples = "NODE",
                    enumeration = {"NODE", "NODE_OR_NETWORK", "NETWORK", "PROBER", "CHAIN", "POLICY", "CLIENT"})
            String blame,

            @Schema(description = "In the score, by one vantage's word alone.")
            boolean counts,

            long probes) {}

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "hours",
            summary = "What came of the probes of each node and hour, the last hours before the answer's checkpoint")
    public RestResponse<Page<NodeHour>> hours(
            UriInfo uri,
            @RestQuery @Nullable String nodeId,
            @Parameter(
                            description = "How many hours, the running one included: 1 to 336; 48 without it.",
                            example = "24")
                    @RestQuery
                    @Nullable
                    String hours,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var node = Input.optional(nodeId, text -> Input.address("nodeId", text)).orElse(null);
        int count = hours == null ? USUAL_HOURS : (int) Input.whole("hours", hours, 1, MOST_HOURS);
        var page = PageRequest.of(uri, limit, cursor, 2);
        return answers.at(
                at,
                AuditLogs::heads,
                (db, moment) -> page.page(
                        moment,
                        Hours.list(db, moment, node, count, page),
                        each -> List.of(PageRequest.hex(each.nodeId()), Long.toString(AuditLogs.micros(each.hour())))));
    }
}
