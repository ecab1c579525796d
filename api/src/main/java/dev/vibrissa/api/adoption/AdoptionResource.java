package dev.vibrissa.api.adoption;

import dev.vibrissa.api.adoption.AdoptionViews.Adoption;
import dev.vibrissa.api.adoption.AdoptionViews.Part;
import dev.vibrissa.api.adoption.AdoptionViews.Top;
import dev.vibrissa.api.answer.Answers;
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
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/adoption")
@Tag(name = "adoption")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class AdoptionResource {
    private static final String ROLES =
            "publisher, owner, caller, package or contentType by unencoded bytes, payer by FROST; publisher without it.";

    private final Answers answers;

    AdoptionResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "adoption", summary = "Who used Walrus, epoch by epoch: new ones and returning ones")
    public RestResponse<Page<Adoption>> list(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 1);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment, AdoptionQueries.list(db, moment, page), each -> List.of(Long.toString(each.epoch()))));
    }

    @GET
    @Path("top")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "topAdopters", summary = "The greatest users of Walrus, with their shares")
    public RestResponse<Top> top(
            UriInfo uri,
            @Parameter(description = "What to rank: " + ROLES, example = "caller") @RestQuery @Nullable String by,
            @Parameter(description = "Only what was registered or paid in this Walrus epoch.", example = "1")
                    @RestQuery
                    @Nullable
                    String epoch,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var role = role(by);
        Long number = Input.optional(epoch, text -> Input.epoch("epoch", text)).orElse(null);
        var page = PageRequest.of(uri, limit, cursor, 3);
        return answers.at(at, (db, moment) -> TopQueries.top(db, moment, role, number, page));
    }

    @GET
    @Path("history")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "adopterHistory", summary = "What part one user of Walrus had, epoch by epoch")
    public RestResponse<Page<Part>> history(
            UriInfo uri,
            @Parameter(description = "In which role: " + ROLES, example = "contentType") @RestQuery @Nullable String by,
            @Parameter(
                            description =
                                    "As the top lists name it: an address, a package, package::module, or a content"
                                            + " type.",
                            example = "image/png")
                    @RestQuery
                    @Nullable
                    String subject,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var role = role(by);
        String whose = Optional.ofNullable(subject).orElse("");
        var page = PageRequest.of(uri, limit, cursor, 1);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        TopQueries.history(db, moment, role, whose, page),
                        each -> List.of(Long.toString(each.epoch()))));
    }

    private static Role role(@Nullable String by) {
        return by == null ? Role.PUBLISHER : Role.of(Input.oneOf("by", by, Role.WORDS));
    }
}
