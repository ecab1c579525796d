package dev.vibrissa.api.quilt;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.quilt.QuiltLists.File;
import dev.vibrissa.api.quilt.QuiltLists.Read;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.walrus.BlobId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/blobs/{blobId}/files")
@Tag(name = "blobs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class QuiltResource {
    /** What strangers ask here goes to others' storage nodes: two quilts at a time, and none twice. */
    private static final int AT_A_TIME = 2;

    private static final int REMEMBERED = 500;

    /** What could not be read is asked for again after so long. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final Answers answers;
    private final Instance<QuiltLists> lists;
    private final Semaphore readers = new Semaphore(AT_A_TIME);
    private final Map<BlobId, Remembered> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<BlobId, Remembered> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Remembered(Read read, long nanos) {
        private boolean holds() {
            return read instanceof Read.Listed || System.nanoTime() - nanos < AGAIN.toNanos();
        }
    }

    QuiltResource(Answers answers, Instance<QuiltLists> lists) {
        this.answers = answers;
        this.lists = lists;
    }

    /**
     * The files of a quilt.
     *
     * @param files null where they could not be read
     * @param why they could not; null where they could
     */
    @Schema(name = "QuiltFiles")
    record QuiltFiles(
            AsOf asOf,
            BlobId blobId,

            @Schema(description = "In the order of the quilt's list; null where it was not read.") @Nullable
            List<File> files,

            @Schema(description = "Why it was not read; null where it was.", examples = "it is no quilt") @Nullable
            String why)
            implements Table {
        @Override
        public List<File> rows() {
            return files == null ? List.of() : files;
        }
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "quiltFiles",
            summary = "The files of a quilt, read from one proven sliver or a few",
            description = "The list is inside the blob, not on the chain. A process with the role verifier asks"
                    + " storage nodes for it when it is wanted; others say that they cannot.")
    public RestResponse<QuiltFiles> files(@RestPath String blobId) throws InterruptedException {
        var id = Input.blobId("blobId", blobId);
        record Known(boolean quilt, boolean stored) {}
        var known = new Known[] {new Known(false, false)};
        // Nodes are asked after the snapshot was closed. What they say may be another thing at each question: no tag
        // holds.
        var asOf = answers.at(null, Long.toString(System.nanoTime()), (db, moment) -> {
                    known[0] = db.first(
                                    "select quilt, certified_until > ? as stored from blob where blob_id = ?",
                                    row -> new Known(row.bool("quilt"), row.bool("stored")),
                                    moment.epoch(),
                                    id)
                            .orElse(new Known(false, false));
                    return moment.asOf();
                })
                .getEntity();
        if (asOf == null) { // If-None-Match: *
            return RestResponse.notModified();
        }
        Read read = !known[0].quilt()
                ? new Read.Not("no owner says that it is a quilt, by the attribute _walrusBlobType")
                : known[0].stored() ? read(id) : new Read.Not("it is not stored any more");
        return RestResponse.ResponseBuilder.ok(view(asOf, id, read))
                .header("Cache-Control", "no-cache")
                .build();
    }

    private static QuiltFiles view(AsOf asOf, BlobId id, Read read) {
        return switch (read) {
            case Read.Listed(List<File> files) -> new QuiltFiles(asOf, id, files, null);
            case Read.Not(String why) -> new QuiltFiles(asOf, id, null, why);
        };
    }

    private Read read(BlobId id) throws InterruptedException {
        synchronized (remembered) {
            var found = remembered.get(id);
            if (found != null && found.holds()) {
                return found.read();
            }
        }
        if (lists.isUnsatisfied()) {
            return new Read.Not("this process does not ask storage nodes");
        }
        if (!readers.tryAcquire()) {
            throw ProblemException.tooMany("other quilts are being read; ask again in some seconds");
        }
        try {
            var read = lists.get().read(id);
            synchronized (remembered) {
                remembered.put(id, new Remembered(read, System.nanoTime()));
            }
            return read;
        } finally {
            readers.release();
        }
    }
}
