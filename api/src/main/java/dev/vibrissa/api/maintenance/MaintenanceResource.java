package dev.vibrissa.api.maintenance;

import dev.vibrissa.api.ApiConfig;
import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Transactions;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.maintenance.MaintenanceNotice;
import dev.vibrissa.protocol.walrus.maintenance.MaintenanceNoticeJson;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/operators/{nodeId}/maintenance")
@Tag(name = "audits")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class MaintenanceResource {
    private final Answers answers;
    private final ApiConfig config;
    private final Transactions transactions;
    private final Clock clock = Clock.systemUTC();

    MaintenanceResource(Answers answers, ApiConfig config, Transactions transactions) {
        this.answers = answers;
        this.config = config;
        this.transactions = transactions;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "operatorMaintenance",
            summary = "Maintenance that an operator has declared; it removes nothing from a score")
    public RestResponse<MaintenanceView.Listing> list(@RestPath String nodeId) {
        var node = Input.address("nodeId", nodeId);
        // Declarations come at any time, whatever the chain does.
        return answers.at(
                null,
                clock.instant().toString(),
                (db, moment) -> new MaintenanceView.Listing(
                        moment.asOf(),
                        db.list(
                                """
                                select m.*, (select count(*)::int from public.maintenance_vantage v
                                  where v.node_id = m.node_id and v.began_at = m.began_at) as logs
                                from public.maintenance m where m.node_id = ? order by m.began_at desc
                                """,
                                row -> new MaintenanceView(
                                        node,
                                        row.instant("began_at"),
                                        row.instant("ended_at"),
                                        row.text("reason"),
                                        row.text("declared_by"),
                                        row.instant("declared_at"),
                                        row.integer("logs")),
                                node)));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "declareMaintenance",
            summary = "Declare maintenance ahead, signed with the node's key, or with an administrator's token")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = MaintenanceView.Accepted.class)))
    public RestResponse<MaintenanceView.Accepted> declare(
            @RestPath String nodeId,
            @RestHeader(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            String body) {
        SuiAddress node = Input.address("nodeId", nodeId);
        MaintenanceNotice notice = read(body);
        if (!notice.nodeId().equals(node)) {
            throw ProblemException.badInput(
                    "nodeId", "the notice is of node %s, the path of %s".formatted(notice.nodeId(), node));
        }
        return switch (transactions.run(
                db -> Declarations.accept(db, notice, body, isAdmin(authorization), clock.instant()))) {
            case Declarations.Outcome.Accepted(String declaredBy) ->
                RestResponse.ok(new MaintenanceView.Accepted(node, declaredBy));
            case Declarations.Outcome.NotSigned(String why) -> throw ProblemException.forbidden(why);
            case Declarations.Outcome.Refused(String field, String why) -> throw ProblemException.badInput(field, why);
        };
    }

    private static MaintenanceNotice read(String body) {
        try {
            return MaintenanceNoticeJson.read(body);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badInput("body", String.valueOf(e.getMessage()));
        }
    }

    private boolean isAdmin(@Nullable String authorization) {
        return config.adminToken()
                .filter(token -> authorization != null
                        && MessageDigest.isEqual(
                                ("Bearer " + token).getBytes(StandardCharsets.UTF_8),
                                authorization.getBytes(StandardCharsets.UTF_8)))
                .isPresent();
    }
}
