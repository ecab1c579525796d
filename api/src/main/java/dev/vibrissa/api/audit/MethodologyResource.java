package dev.vibrissa.api.audit;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.audit.AuditViews.MethodologyAnswer;
import dev.vibrissa.api.audit.AuditViews.VersionView;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.methodology.Methodology;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

@Path("/v1/methodology")
@Tag(name = "audits")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class MethodologyResource {
    private final Answers answers;
    private final Request request;

    MethodologyResource(Answers answers, Request request) {
        this.answers = answers;
        this.request = request;
    }

    @GET
    @Operation(
            operationId = "methodology",
            summary = "How storage nodes are audited: every version with its constants, their reasons, and its limits")
    public RestResponse<MethodologyAnswer> all() {
        return answers.at(null, AuditLogs::heads, MethodologyResource::all);
    }

    private static MethodologyAnswer all(Snapshot db, Moment moment) {
        return new MethodologyAnswer(
                moment.asOf(),
                db.first(
                                "select methodology from frame order by walrus_epoch desc limit 1",
                                row -> row.text("methodology"))
                        .orElseGet(Methodology.VERSIONS::getFirst),
                Methodology.VERSIONS.stream()
                        .map(Methodology::of)
                        .flatMap(Optional::stream)
                        .map(each -> view(db, each))
                        .toList());
    }

    private static VersionView view(Snapshot db, Methodology each) {
        return new VersionView(
                each.version(),
                each.sha256(),
                db.one(
                                "select min(walrus_epoch) as since from frame where methodology = ?",
                                row -> Optional.ofNullable(row.numberOrNull("since")),
                                each.version())
                        .orElse(null),
                AuditLogs.json(each.text()));
    }

    /** Rests on nothing that is indexed: byte by byte what stands in the program. */
    @GET
    @Path("{version}")
    @Operation(operationId = "methodologyVersion", summary = "One version of the method, byte by byte")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.OBJECT)))
    public RestResponse<String> version(
            @Parameter(description = "As frames name it.", example = "v1") @RestPath String version) {
        var method = Methodology.of(version)
                .orElseThrow(() -> ProblemException.notFound("no version '%s' of the method: there are %s"
                        .formatted(ProblemException.shortened(version), String.join(", ", Methodology.VERSIONS))));
        var tag = new EntityTag(method.sha256());
        var response = request.evaluatePreconditions(tag) != null
                ? RestResponse.ResponseBuilder.<String>notModified()
                : RestResponse.ResponseBuilder.ok(method.text(), MediaType.APPLICATION_JSON_TYPE);
        return response.tag(tag)
                .header("Repr-Digest", "sha-256=:%s:".formatted(base64(method.sha256())))
                .build();
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }
}
