package dev.vibrissa.api.audit;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.audit.AuditViews.FailureView;
import dev.vibrissa.api.audit.AuditViews.HourLatency;
import dev.vibrissa.api.audit.AuditViews.PastScore;
import dev.vibrissa.api.audit.AuditViews.ProbeView;
import dev.vibrissa.api.audit.AuditViews.ScoreAnswer;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/operators")
@Tag(name = "audits")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class OperatorAuditResource {
    private final Answers answers;

    OperatorAuditResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Path("{nodeId}/score")
    @Operation(
            operationId = "operatorScore",
            summary = "What audits say of an operator in the epoch, 30 days and all of the time",
            description = "A past moment shows the last score of each window that had been computed by then.")
    public RestResponse<ScoreAnswer> score(
            @RestPath String nodeId, @RestQuery @Nullable String epoch, @RestQuery @Nullable String at) {
        var of = epochOf(epoch);
        return of(nodeId, at, (node, db, moment) -> Scores.of(db, moment, node, of));
    }

    @GET
    @Path("{nodeId}/score/history")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "operatorScoreHistory",
            summary = "An operator's score after each round, from the newest on",
            description = "Where it drops, the failures of that round say why.")
    public RestResponse<Page<PastScore>> scoreHistory(
            UriInfo uri,
            @RestPath String nodeId,
            @Parameter(description = "epoch, 30d or all; 30d without it.") @RestQuery @Nullable String window,
            @RestQuery @Nullable String epoch,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var of = epochOf(epoch);
        String as = ScoreResource.window(window);
        var page = PageRequest.of(uri, limit, cursor, 1);
        return of(
                nodeId,
                at,
                (node, db, moment) -> page.page(
                        moment,
                        Scores.history(db, moment, node, as, of, page),
                        each -> List.of(Long.toString(AuditLogs.micros(each.computedAt())))));
    }

    @GET
    @Path("{nodeId}/probes")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "operatorProbes", summary = "What an operator was asked for, from the newest on")
    public RestResponse<Page<ProbeView>> probes(
            UriInfo uri,
            @RestPath String nodeId,
            @RestQuery @Nullable String epoch,
            @RestQuery @Nullable String round,
            @RestQuery @Nullable String verdict,
            @RestQuery @Nullable String blame,
            @RestQuery @Nullable String depth,
            @Parameter(description = "Only of this shard.", example = "17") @RestQuery @Nullable String shard,
            @Parameter(description = "Asked then or later.", example = "2026-06-15T10:00:00Z") @RestQuery @Nullable
                    String askedFrom,
            @Parameter(description = "Asked before then.", example = "2026-12-31T11:00:00Z") @RestQuery @Nullable
                    String askedBefore,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var filter = Probes.Filter.of(nodeId, null, epoch, round, verdict, blame, depth, shard, askedFrom, askedBefore);
        var page = PageRequest.of(uri, limit, cursor, 2);
        return of(nodeId, at, (_, db, moment) -> page.page(moment, Probes.list(db, moment, filter, page), Probes::key));
    }

    @GET
    @Path("{nodeId}/failures")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "operatorFailures",
            summary = "What an operator did not serve, with the raw reasons of every attempt, as soon as it is judged")
    public RestResponse<Page<FailureView>> failures(
            UriInfo uri,
            @RestPath String nodeId,
            @RestQuery @Nullable String epoch,
            @RestQuery @Nullable String round,
            @RestQuery @Nullable String verdict,
            @RestQuery @Nullable String blame,
            @RestQuery @Nullable String depth,
            @Parameter(description = "Only of this shard.", example = "17") @RestQuery @Nullable String shard,
            @Parameter(description = "Asked then or later.", example = "2026-06-15T10:00:00Z") @RestQuery @Nullable
                    String askedFrom,
            @Parameter(description = "Asked before then.", example = "2026-12-31T11:00:00Z") @RestQuery @Nullable
                    String askedBefore,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var filter = Probes.Filter.of(nodeId, null, epoch, round, verdict, blame, depth, shard, askedFrom, askedBefore);
        var page = PageRequest.of(uri, limit, cursor, 2);
        return of(
                nodeId,
                at,
                (_, db, moment) ->
                        page.page(moment, Probes.failures(db, moment, filter, page), each -> Probes.key(each.probe())));
    }

    @GET
    @Path("{nodeId}/latency")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "operatorLatency",
            summary = "How long an operator took to serve, hour by hour, in buckets of the method")
    public RestResponse<Page<HourLatency>> latency(
            UriInfo uri,
            @RestPath String nodeId,
            @RestQuery @Nullable String epoch,
            @RestQuery @Nullable String depth,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var of = epochOf(epoch);
        var as = Input.optional(depth, text -> Input.oneOf("depth", text.toUpperCase(Locale.ROOT), Probes.DEPTHS))
                .orElse(null);
        var page = PageRequest.of(uri, limit, cursor, 3);
        return of(
                nodeId,
                at,
                (node, db, moment) -> page.page(
                        moment,
                        Scores.latency(db, moment, node, of, as, page),
                        each -> List.of(
                                Long.toString(AuditLogs.micros(each.hour())),
                                Long.toString(each.epoch()),
                                each.depth())));
    }

    @GET
    @Path("{nodeId}/dossier")
    @Operation(
            operationId = "operatorDossier",
            summary = "The case against an operator in an epoch, the newest without one, as the file that"
                    + " ./vibrissa verify-dossier reads",
            description = "That of the leading log, or of the one asked for. Of each only the newest is kept: a moment"
                    + " before it was made has none.")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.OBJECT)))
    public RestResponse<String> dossier(
            @RestPath String nodeId,
            @RestQuery @Nullable String epoch,
            @Parameter(description = "Ed25519 key of the log in hex; the leading one without it.") @RestQuery @Nullable
                    String prover,
            @RestQuery @Nullable String at) {
        var of = epochOf(epoch);
        var by = Input.optional(prover, AuditLogs::prover).orElse(null);
        var answer = of(nodeId, at, (node, db, moment) -> Scores.dossier(db, moment, node, of, by));
        answer.getHeaders()
                .putSingle(HttpHeaders.CONTENT_DISPOSITION, "inline; filename=\"dossier-%s.json\"".formatted(nodeId));
        return answer;
    }

    @FunctionalInterface
    private interface Answer<T> {
        T of(SuiAddress node, Snapshot db, Moment moment);
    }

    private <T> RestResponse<T> of(String nodeId, @Nullable String at, Answer<T> answer) {
        var node = Input.address("nodeId", nodeId);
        BiFunction<Snapshot, Moment, T> checked = (db, moment) -> {
            Scores.requireOperator(db, moment, node);
            return answer.of(node, db, moment);
        };
        return answers.at(at, AuditLogs::heads, checked);
    }

    private static @Nullable Long epochOf(@Nullable String epoch) {
        return Input.optional(epoch, text -> Input.epoch("epoch", text)).orElse(null);
    }
}
