package dev.vibrissa.api.audit;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.audit.AuditViews.LogLine;
import dev.vibrissa.api.audit.AuditViews.ProverView;
import dev.vibrissa.api.audit.AuditViews.RootView;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1")
@Tag(name = "audits")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class LogResource {
    private final Answers answers;

    LogResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Path("provers")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "provers", summary = "Who audits, with keys, and how far their logs go")
    public RestResponse<Page<ProverView>> provers(UriInfo uri) {
        var page = PageRequest.of(uri, Integer.toString(PageRequest.MAX_LIMIT), null, 1);
        return answers.at(
                null,
                AuditLogs::heads,
                (db, moment) -> page.page(moment, AuditLogs.provers(db), each -> List.of(each.prover())));
    }

    @GET
    @Path("log")
    @Produces({MediaType.APPLICATION_JSON, NdjsonWriter.NDJSON})
    @Operation(
            operationId = "log",
            summary = "Lines of an audit log; with format=ndjson exactly as ./vibrissa verify-log reads them")
    public RestResponse<Page<LogLine>> log(
            UriInfo uri,
            @RestQuery @Nullable String prover,
            @Parameter(description = "Sequence of the first line; 0 without it.", example = "2") @RestQuery @Nullable
                    String from,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var of = Input.optional(prover, AuditLogs::prover);
        long first = from == null ? 0 : Input.whole("from", from, 0, Long.MAX_VALUE);
        var page = PageRequest.of(uri, limit, cursor, 1);
        return answers.at(
                at,
                AuditLogs::heads,
                (db, moment) -> page.page(
                        moment,
                        AuditLogs.lines(db, moment, AuditLogs.only(db, of), first, page),
                        each -> List.of(Long.toString(each.sequence()))));
    }

    @GET
    @Path("log/roots")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "logRoots", summary = "Signed roots of an audit log: what to keep if you want to bind us")
    public RestResponse<Page<RootView>> roots(
            UriInfo uri,
            @RestQuery @Nullable String prover,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var of = Input.optional(prover, AuditLogs::prover);
        var page = PageRequest.of(uri, limit, cursor, 1);
        return answers.at(
                at,
                AuditLogs::heads,
                (db, moment) -> page.page(
                        moment,
                        AuditLogs.roots(db, moment, AuditLogs.only(db, of), page),
                        each -> List.of(Long.toString(each.sequence()))));
    }
}
