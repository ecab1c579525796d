package dev.vibrissa.api.shared;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.object.ObjectChanges;
import dev.vibrissa.api.object.ObjectChanges.Change;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.shared.SharedBlobView.Funds;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.SharedBlob;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/shared-blobs")
@Tag(name = "blobs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class SharedBlobResource {
    private final Answers answers;

    SharedBlobResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Path("{sharedBlobId}")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "sharedBlob", summary = "A SharedBlob and its funds through time")
    public RestResponse<SharedBlobView> sharedBlob(@RestPath String sharedBlobId, @RestQuery @Nullable String at) {
        var id = Input.address("sharedBlobId", sharedBlobId);
        return answers.at(
                at,
                (db, moment) -> find(db, moment, id)
                        .orElseThrow(() -> ProblemException.notFound(
                                "no SharedBlob %s is known at checkpoint %d".formatted(id, moment.checkpoint()))));
    }

    private static Optional<SharedBlobView> find(Snapshot db, Moment moment, SuiAddress id) {
        SharedBlob last = null;
        var funds = new ArrayList<Funds>();
        for (Change change : ObjectChanges.around(db, List.of(id), moment.checkpoint())) {
            if (change.objectId().equals(id) && change.type().equals("shared_blob::SharedBlob")) {
                var shared = change.read(SharedBlob::decode).orElse(null);
                if (shared != null) {
                    last = shared;
                    funds.add(new Funds(
                            change.checkpoint(),
                            change.tx(),
                            change.timestamp(),
                            Long.toUnsignedString(shared.funds())));
                }
            }
        }
        return last == null
                ? Optional.empty()
                : Optional.of(new SharedBlobView(
                        moment.asOf(),
                        id,
                        last.blob().id(),
                        last.blob().blobId(),
                        Long.toUnsignedString(last.funds()),
                        List.copyOf(funds)));
    }
}
