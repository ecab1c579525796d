package dev.vibrissa.api.blob;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.blob.BlobViews.BlobItem;
import dev.vibrissa.api.blob.BlobViews.BlobView;
import dev.vibrissa.api.blob.BlobViews.HistoryEntry;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.object.BlobObject;
import dev.vibrissa.api.object.BlobObjects;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.protocol.walrus.BlobId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/blobs")
@Tag(name = "blobs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class BlobResource {
    private final Answers answers;

    BlobResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "blobs",
            summary = "Blob ids at present, by filter and order",
            description = "The list knows the present only; a single blob is answered as of any point in the past.")
    public RestResponse<Page<BlobItem>> list(
            UriInfo uri,
            @Parameter(
                            description = "Only blobs with an object held by this address, object, SharedBlob or pool.",
                            example = "0x198b9065714e643b9bc521c0a786982a5979f7d30fadb51b1cf9d065dc9c838e")
                    @RestQuery
                    @Nullable
                    String owner,
            @Parameter(
                            description = "registered, certified, expired, deleted, burned or invalid.",
                            example = "certified")
                    @RestQuery
                    @Nullable
                    String status,
            @Parameter(description = "Only blobs with an object of this kind: own or pooled.", example = "own")
                    @RestQuery
                    @Nullable
                    String kind,
            @Parameter(description = "Whether an object not deleted is deletable or pooled.", example = "false")
                    @RestQuery
                    @Nullable
                    String deletable,
            @Parameter(description = "Least unencoded bytes.", example = "1000") @RestQuery @Nullable String minSize,
            @Parameter(description = "Most unencoded bytes.", example = "2000000000") @RestQuery @Nullable
                    String maxSize,
            @Parameter(description = "An attribute, as key or key:value.", example = "_walrusBlobType:quilt")
                    @RestQuery
                    @Nullable
                    String attribute,
            @Parameter(
                            description = "Only blobs with an object in this storage pool.",
                            example = "0xd8551b9092a22a53a65c055ec9dd97c2aa65ec224a536614c5c850a24db83e0b")
                    @RestQuery
                    @Nullable
                    String pool,
            @Parameter(
                            description = "Only blobs stored now whose end epoch, exclusive, is less than this.",
                            example = "60")
                    @RestQuery
                    @Nullable
                    String expiringBefore,
            @Parameter(description = "firstSeen, size or expiry; with - in front descending.", example = "-firstSeen")
                    @RestQuery
                    @Nullable
                    String order,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 2);
        var list = new BlobList();
        list.order(order);
        list.owner(owner);
        list.status(status);
        list.kind(kind);
        list.deletable(deletable);
        list.size(minSize, maxSize);
        list.attribute(attribute);
        list.pool(pool);
        list.expiringBefore(expiringBefore);
        return answers.now((db, moment) -> page.page(moment, list.read(db, moment, page), list::key));
    }

    @GET
    @Path("{blobId}")
    @Operation(
            operationId = "blob",
            summary = "What became of a blob, now or as of an earlier point",
            description = "A blob id that was never seen is no error: its state is neverSeen, as a storage node"
                    + " answers nonexistent.")
    public RestResponse<BlobView> blob(@RestPath String blobId, @RestQuery @Nullable String at) {
        var id = Input.blobId("blobId", blobId);
        return located(id, "", answers.one(at, (db, moment) -> BlobQueries.blob(db, moment, id)));
    }

    @GET
    @Path("{blobId}/history")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "blobHistory",
            summary = "Everything that happened in the life of a blob: events, owners, attributes, expiry")
    public RestResponse<Page<HistoryEntry>> history(
            UriInfo uri,
            @RestPath String blobId,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var id = Input.blobId("blobId", blobId);
        var page = PageRequest.of(uri, limit, cursor, 3);
        var answer = answers.one(at, (db, moment) -> {
            // Folded whole: what happened to one blob is little, and expiry shows only in the fold.
            var rest = BlobHistory.of(db, id, moment).stream()
                    .filter(entry -> follows(entry, page))
                    .limit(page.fetch())
                    .toList();
            return page.page(
                    moment,
                    rest,
                    entry -> List.of(
                            Long.toString(entry.checkpoint()),
                            Integer.toString(entry.txIndex()),
                            Integer.toString(entry.position())));
        });
        return located(id, "/history", answer);
    }

    private static boolean follows(HistoryEntry entry, PageRequest page) {
        int order = Long.compare(entry.checkpoint(), page.afterNumber(0, -1));
        order = order != 0 ? order : Long.compare(entry.txIndex(), page.afterNumber(1, -1));
        return order != 0 ? order > 0 : entry.position() > page.afterNumber(2, -1);
    }

    @GET
    @Path("{blobId}/objects")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "blobObjects",
            summary = "The Blob and PooledBlob objects of a blob id with their lives, by object id")
    public RestResponse<Page<BlobObject>> objects(
            UriInfo uri,
            @RestPath String blobId,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var id = Input.blobId("blobId", blobId);
        var page = PageRequest.of(uri, limit, cursor, 1);
        var answer = answers.one(
                at,
                (db, moment) -> page.page(
                        moment,
                        BlobObjects.find(db, moment, BlobObjects.idsOf(db, id, moment, page)),
                        object -> List.of(PageRequest.hex(object.objectId()))));
        return located(id, "/objects", answer);
    }

    /** Ids come in several notations; the canonical one says where the answer really lives. */
    private static <T> RestResponse<T> located(BlobId id, String rest, RestResponse<T> answer) {
        answer.getHeaders().putSingle(HttpHeaders.CONTENT_LOCATION, BlobQueries.link(id) + rest);
        return answer;
    }
}
