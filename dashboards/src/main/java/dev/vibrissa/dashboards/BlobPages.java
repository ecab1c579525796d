package dev.vibrissa.dashboards;

import dev.vibrissa.api.audit.AvailabilityResource;
import dev.vibrissa.api.blob.BlobResource;
import dev.vibrissa.api.governance.GovernanceResource;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.quilt.QuiltResource;
import dev.vibrissa.dashboards.chart.BlobLife;
import dev.vibrissa.dashboards.chart.BlobLife.Extension;
import dev.vibrissa.dashboards.chart.BlobLife.Lane;
import dev.vibrissa.dashboards.chart.Chart;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Which blobs match; and of one, whether it is stored, until when, whose it is, and how one can know, now or then. */
@Path("/blobs")
@RunOnVirtualThread
@Produces(MediaType.TEXT_HTML)
public class BlobPages {
    private static final String HERE = "Blobs";
    private static final List<String> STATES =
            List.of("registered", "certified", "expired", "deleted", "burned", "invalid");
    private static final List<String> KINDS = List.of("own", "pooled");
    private static final String MOST_ROWS = "200";
    private static final String ROWS = "100";

    private final Pages pages;
    private final BlobResource blobs;
    private final AvailabilityResource availability;
    private final GovernanceResource governance;
    private final QuiltResource quilts;
    private final Template blob;
    private final Template blobList;
    private final Template files;

    BlobPages(
            Pages pages,
            BlobResource blobs,
            AvailabilityResource availability,
            GovernanceResource governance,
            QuiltResource quilts,
            Template blob,
            Template blobList,
            Template files) {
        this.pages = pages;
        this.blobs = blobs;
        this.availability = availability;
        this.governance = governance;
        this.blob = blob;
        this.blobList = blobList;
        this.files = files;
        this.quilts = quilts;
    }

    @GET
    @Operation(hidden = true)
    public RestResponse<String> list(
            UriInfo uri,
            @RestQuery @Nullable String status,
            @RestQuery @Nullable String owner,
            @RestQuery @Nullable String kind,
            @RestQuery @Nullable String attribute,
            @RestQuery @Nullable String order,
            @RestQuery @Nullable String cursor) {
        return pages.show(HERE, () -> {
            var asked = new TreeMap<String, String>();
            put(asked, "status", status);
            put(asked, "owner", owner);
            put(asked, "kind", kind);
            put(asked, "attribute", attribute);
            put(asked, "order", order);
            var answer = pages.answer(blobs.list(
                    uri,
                    Pages.given(owner),
                    Pages.given(status),
                    Pages.given(kind),
                    null,
                    null,
                    null,
                    Pages.given(attribute),
                    null,
                    null,
                    asked.getOrDefault("order", "-firstSeen"),
                    ROWS,
                    Pages.given(cursor)));
            var frame = pages.frameOfNow(HERE, answer);
            return blobList.data("frame", frame)
                    .data("answer", answer)
                    .data("asked", asked)
                    .data("states", STATES)
                    .data("kinds", KINDS)
                    .data("query", frame.view().query())
                    .data("next", answer.has("next") ? frame.view().next(answer.text("next")) : "");
        });
    }

    /** A page of its own: storage nodes are asked for it, and whoever opens the blob need not wait for them. */
    @GET
    @Path("{blobId}/files")
    @Operation(hidden = true)
    public RestResponse<String> files(@RestPath String blobId) throws InterruptedException {
        Answer answer;
        try {
            answer = pages.answer(quilts.files(blobId));
        } catch (ProblemException problem) {
            return pages.nothing(HERE, "", problem);
        }
        return pages.show(
                HERE, () -> files.data("frame", pages.frameOfNow(HERE, answer)).data("answer", answer));
    }

    private static void put(Map<String, String> asked, String name, @Nullable String value) {
        String given = Pages.given(value);
        if (given != null) {
            asked.put(name, given);
        }
    }

    @GET
    @Path("{blobId}")
    @Operation(hidden = true)
    public RestResponse<String> blob(UriInfo uri, @RestPath String blobId, @RestQuery @Nullable String at) {
        String asked = Pages.moment(at);
        return pages.show(HERE, () -> {
            var answer = pages.answer(blobs.blob(blobId, asked));
            var objects = pages.part(() -> blobs.objects(uri, blobId, asked, MOST_ROWS, null));
            var history = pages.part(() -> blobs.history(uri, blobId, asked, MOST_ROWS, null));
            var served = pages.part(() -> availability.ofBlob(uri, blobId, null, asked, "1000", null));
            var dates = new EpochDates(pages.part(() -> governance.parameters(asked)));
            var frame = pages.frame(HERE, answer, objects, history);
            return blob.data("frame", frame)
                    .data("answer", answer)
                    .data("objects", objects.list("items"))
                    .data("history", history.list("items").reversed())
                    .data("more", history.has("next"))
                    .data("life", life(answer, objects.list("items"), history.list("items"), dates, frame.view()))
                    .data("until", until(answer, dates))
                    .data("epochsLeft", epochsLeft(answer))
                    .data("hex", HexFormat.of().formatHex(Base64.getUrlDecoder().decode(answer.text("blobId"))))
                    .data("served", served)
                    .data(
                            "proven",
                            served.list("items").stream()
                                    .mapToLong(each -> each.whole("proven"))
                                    .sum())
                    .data(
                            "asked",
                            served.list("items").stream()
                                    .mapToLong(each -> each.whole("proven") + each.whole("notProven"))
                                    .sum())
                    .data("at", asked == null ? "" : asked);
        });
    }

    /** About when it ends; empty where it does not, or nobody knows. */
    private static String until(Answer answer, EpochDates dates) {
        return switch (answer.text("state")) {
            case "certified" -> dates.about(answer.whole("certifiedUntilEpochExclusive"));
            case "registered", "burned" -> dates.about(answer.whole("registeredUntilEpochExclusive"));
            default -> "";
        };
    }

    /** Full epochs that it will be stored for after the running one. */
    private static long epochsLeft(Answer answer) {
        return answer.text("state").equals("certified") && answer.has("asOf.epoch")
                ? answer.whole("certifiedUntilEpochExclusive") - answer.whole("asOf.epoch") - 1
                : -1;
    }

    private static @Nullable Chart life(
            Answer answer, List<Answer> objects, List<Answer> history, EpochDates dates, View view) {
        var lanes = objects.stream()
                .filter(object -> object.has("registeredEpoch") && object.has("endEpoch"))
                .sorted(Comparator.comparingLong((Answer each) -> each.whole("endEpoch"))
                        .reversed())
                .map(object -> lane(object, history))
                .toList();
        if (lanes.isEmpty()) {
            return null;
        }
        String epoch = answer.text("asOf.epoch");
        return new Chart(
                "life",
                "Life of this blob",
                lanes.size() == 1 ? "one object holds it" : lanes.size() + " objects hold it, longest first",
                "Pale: registered; dark: certified; lighter: booked ahead; diamonds: extended. Ends are exclusive. An epoch"
                        + " below the picture leads to the answer as of its end.",
                BlobLife.draw(
                        lanes,
                        epoch.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(epoch)),
                        dates::month,
                        each -> view.address("epoch:" + each)),
                "/v1/blobs/%s/objects".formatted(answer.text("blobId")),
                List.of("Object", "Kind", "Registered in", "Certified in", "Ends before", "Over"),
                lanes.stream()
                        .map(lane -> List.of(
                                lane.id(),
                                lane.kind(),
                                "epoch " + lane.registeredEpoch(),
                                lane.certifiedEpoch().isPresent()
                                        ? "epoch " + lane.certifiedEpoch().getAsLong()
                                        : "",
                                "epoch " + lane.endEpoch(),
                                lane.deleted() ? "deleted" : lane.alive() ? "" : "expired"))
                        .toList());
    }

    private static Lane lane(Answer object, List<Answer> history) {
        var events = history.stream()
                .filter(each -> each.text("objectId").equals(object.text("objectId")) && each.has("event.fields.epoch"))
                .toList();
        return new Lane(
                object.text("kind").equals("pooled")
                        ? "In storage pool"
                        : object.has("deletable") ? "Deletable, own" : "Permanent, own",
                Words.cut(object.text("objectId")),
                object.whole("registeredEpoch"),
                object.has("certifiedEpoch") ? OptionalLong.of(object.whole("certifiedEpoch")) : OptionalLong.empty(),
                object.whole("endEpoch"),
                events.stream()
                        .filter(each -> each.text("event.name").endsWith("BlobDeleted"))
                        .mapToLong(each -> each.whole("event.fields.epoch"))
                        .findFirst(),
                object.has("deleted"),
                object.has("alive"),
                events.stream()
                        .filter(each -> each.has("event.fields.is_extension"))
                        .map(each ->
                                new Extension(each.whole("event.fields.epoch"), each.whole("event.fields.end_epoch")))
                        .toList());
    }
}
