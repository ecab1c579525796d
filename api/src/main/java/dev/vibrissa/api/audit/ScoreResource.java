package dev.vibrissa.api.audit;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.audit.AuditViews.RankedScore;
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

@Path("/v1/scores")
@Tag(name = "audits")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ScoreResource {
    private static final List<String> WINDOWS = List.of("epoch", "30d", "all");

    private final Answers answers;

    ScoreResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "scores",
            summary = "The members of a committee in the order of what audits say of them",
            description =
                    "Of an epoch, the newest that was audited without one. Who was asked less often than the method"
                            + " wants comes last and has no rank.")
    public RestResponse<Page<RankedScore>> scores(
            UriInfo uri,
            @Parameter(description = "epoch, 30d or all; 30d without it.") @RestQuery @Nullable String window,
            @RestQuery @Nullable String epoch,
            @RestQuery @Nullable String at) {
        String as = window(window);
        var of = Input.optional(epoch, text -> Input.epoch("epoch", text));
        var page = PageRequest.of(uri, Integer.toString(PageRequest.MAX_LIMIT), null, 1);
        return answers.at(
                at,
                AuditLogs::heads,
                (db, moment) -> page.page(
                        moment,
                        of.or(() -> Scores.newestEpoch(db, moment))
                                .map(each -> Scores.ranking(db, moment, as, each))
                                .orElse(List.of()),
                        each -> List.of(PageRequest.hex(each.nodeId()))));
    }

    static String window(@Nullable String text) {
        return Input.optional(text, each -> Input.oneOf("window", each, WINDOWS))
                .orElse("30d");
    }
}
