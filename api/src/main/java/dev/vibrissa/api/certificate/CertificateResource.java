package dev.vibrissa.api.certificate;

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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/certificates")
@Tag(name = "chain")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class CertificateResource {
    private final Answers answers;

    CertificateResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "certificates",
            summary = "Certificates of storage nodes in chain order, with their signers")
    public RestResponse<Page<CertificateView>> list(
            UriInfo uri,
            @Parameter(description = "Only those signed by the committee of this Walrus epoch.", example = "1")
                    @RestQuery
                    @Nullable
                    String epoch,
            @Parameter(description = "Only messages of this type: 1, 2, 4, 5 or 6.", example = "1") @RestQuery @Nullable
                    String messageType,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 3);
        var filter = new CertificateQueries.Filter(
                Input.optional(epoch, text -> Input.epoch("epoch", text)).orElse(null),
                Input.optional(messageType, text -> (int) Input.whole("messageType", text, 0, 255))
                        .orElse(null));
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        new CertificateQueries(db).list(moment, filter, page),
                        item -> List.of(
                                Long.toString(item.checkpoint()),
                                Integer.toString(item.txIndex()),
                                Integer.toString(item.commandIndex()))));
    }
}
