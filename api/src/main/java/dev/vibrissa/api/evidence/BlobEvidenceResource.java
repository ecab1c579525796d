package dev.vibrissa.api.evidence;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.blob.BlobStatuses;
import dev.vibrissa.api.event.EventQueries;
import dev.vibrissa.api.event.EventView;
import dev.vibrissa.api.evidence.EvidenceViews.BlobEvidence;
import dev.vibrissa.api.evidence.EvidenceViews.EvidenceItem;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.proof.EvidenceJson;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.status.EventId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/blobs/{blobId}/evidence")
@Tag(name = "evidence")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class BlobEvidenceResource {
    private final Answers answers;

    BlobEvidenceResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Operation(
            operationId = "blobEvidence",
            summary = "Evidence for every event of a blob, to be checked offline by ./vibrissa verify-evidence")
    public RestResponse<BlobEvidence> ofBlob(
            UriInfo uri,
            @RestPath String blobId,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var id = Input.blobId("blobId", blobId);
        var page = PageRequest.of(uri, limit, cursor, 3);
        return answers.at(at, (db, moment) -> ofBlob(db, moment, id, page));
    }

    private static BlobEvidence ofBlob(Snapshot db, Moment moment, BlobId id, PageRequest page) {
        var deciding = BlobStatuses.decidingEvent(db, moment, id);
        Page<EventView> events = page.page(
                moment,
                EventQueries.ofBlob(db, id, List.of(), moment.checkpoint()).stream()
                        .filter(event -> follows(event, page))
                        .limit(page.fetch())
                        .toList(),
                event -> List.of(
                        Long.toString(event.checkpoint()),
                        Integer.toString(event.txIndex()),
                        Integer.toString(event.walrusOrdinal())));
        var items = events.items().stream()
                .map(event -> item(db, moment, event, deciding))
                .toList();
        return new BlobEvidence(
                moment.asOf(),
                id,
                items,
                events.next(),
                items.isEmpty()
                        ? List.of()
                        : EvidenceQueries.committees(
                                db,
                                items.getFirst().event().checkpoint(),
                                items.getLast().event().checkpoint()),
                items.isEmpty()
                        ? List.of()
                        : EvidenceQueries.handOvers(db, items.getLast().event().checkpoint()));
    }

    private static boolean follows(EventView event, PageRequest page) {
        int order = Long.compare(event.checkpoint(), page.afterNumber(0, -1));
        order = order != 0 ? order : Long.compare(event.txIndex(), page.afterNumber(1, -1));
        return order != 0 ? order > 0 : event.walrusOrdinal() > page.afterNumber(2, -1);
    }

    private static EvidenceItem item(Snapshot db, Moment moment, EventView event, Optional<EventId> deciding) {
        var evidence = EvidenceQueries.ofEvent(db, event.tx(), event.walrusOrdinal(), moment.checkpoint());
        return new EvidenceItem(
                event,
                deciding.filter(new EventId(event.tx(), event.walrusOrdinal())::equals)
                        .isPresent(),
                evidence.isEmpty() ? null : "/v1/evidence/%s/%d".formatted(event.tx(), event.walrusOrdinal()),
                evidence.map(EvidenceJson::write).orElse(null));
    }
}
