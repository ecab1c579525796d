package dev.vibrissa.api.object;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.object.ObjectChanges.Change;
import dev.vibrissa.api.object.ObjectView.Version;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/objects")
@Tag(name = "blobs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ObjectResource {
    private final Answers answers;

    ObjectResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Path("{objectId}")
    @Operation(operationId = "object", summary = "An object of Walrus, its owner and its life")
    public RestResponse<ObjectView> object(@RestPath String objectId, @RestQuery @Nullable String at) {
        var id = Input.address("objectId", objectId);
        return answers.one(
                at,
                (db, moment) -> find(db, moment, id)
                        .orElseThrow(() -> ProblemException.notFound("no object %s of Walrus is known at checkpoint %d"
                                .formatted(id, moment.checkpoint()))));
    }

    private static Optional<ObjectView> find(Snapshot db, Moment moment, SuiAddress id) {
        var latest = ObjectChanges.last(db, id, moment.checkpoint());
        var blob = BlobObjects.find(db, moment, List.of(id)).stream().findFirst();
        if (latest.isEmpty() && blob.isEmpty()) {
            return Optional.empty();
        }
        var links = new LinkedHashMap<String, String>();
        blob.ifPresent(object -> {
            links.put("blob", "/v1/blobs/" + object.blobId());
            if (object.storagePoolId() != null) {
                links.put("storagePool", "/v1/storage-pools/" + object.storagePoolId());
            }
            if (object.owner().sharedBlobId() != null) {
                links.put("sharedBlob", "/v1/shared-blobs/" + object.owner().sharedBlobId());
            }
        });
        latest.ifPresent(change -> {
            switch (change.type()) {
                case "storage_pool::StoragePool" -> links.put("storagePool", "/v1/storage-pools/" + id);
                case "shared_blob::SharedBlob" -> links.put("sharedBlob", "/v1/shared-blobs/" + id);
                default -> {}
            }
        });
        return Optional.of(new ObjectView(
                moment.asOf(), id, latest.map(ObjectResource::version).orElse(null), blob.orElse(null), links));
    }

    private static Version version(Change change) {
        return new Version(
                change.version(),
                change.change(),
                change.exists(),
                change.type().isEmpty() ? null : change.type(),
                change.exists() ? Holder.of(change.ownerKind(), change.owner()) : null,
                change.checkpoint(),
                change.tx(),
                change.timestamp());
    }
}
