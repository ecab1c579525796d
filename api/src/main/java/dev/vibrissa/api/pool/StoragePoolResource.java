package dev.vibrissa.api.pool;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/storage-pools")
@Tag(name = "blobs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class StoragePoolResource {
    private final Answers answers;

    StoragePoolResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Path("{storagePoolId}")
    @Operation(operationId = "storagePool", summary = "A storage pool: capacity, end and owners through time")
    public RestResponse<StoragePoolView> pool(@RestPath String storagePoolId, @RestQuery @Nullable String at) {
        var id = Input.address("storagePoolId", storagePoolId);
        return answers.at(
                at,
                (db, moment) -> StoragePoolQueries.find(db, moment, id)
                        .orElseThrow(() -> ProblemException.notFound(
                                "no storage pool %s is known at checkpoint %d".formatted(id, moment.checkpoint()))));
    }
}
