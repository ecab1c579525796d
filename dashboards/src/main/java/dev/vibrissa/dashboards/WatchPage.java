package dev.vibrissa.dashboards;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.vibrissa.api.blob.BlobResource;
import dev.vibrissa.api.governance.GovernanceResource;
import dev.vibrissa.api.network.NetworkResource;
import dev.vibrissa.api.problem.ProblemException;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** How to be told of what happens to something, without asking again: a calendar, the stream, a webhook. */
@Path("/watch")
@RunOnVirtualThread
@Produces(MediaType.TEXT_HTML)
public class WatchPage {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Pages pages;
    private final NetworkResource network;
    private final BlobResource blobs;
    private final GovernanceResource governance;
    private final Template watch;

    WatchPage(Pages pages, NetworkResource network, BlobResource blobs, GovernanceResource governance, Template watch) {
        this.pages = pages;
        this.network = network;
        this.blobs = blobs;
        this.governance = governance;
        this.watch = watch;
    }

    /**
     * Something that can be watched.
     *
     * @param topic of the stream
     * @param filter of the stream; empty for none
     * @param events of webhooks
     * @param of what webhooks are narrowed by; empty for none
     * @param calendar file with the day that matters; empty for none
     */
    public record Watched(
            String name,
            String id,
            String href,
            String topic,
            String filter,
            List<String> events,
            String of,
            String calendar) {
        /** The body that asks for calls. */
        public String body() {
            var body = JsonNodeFactory.instance.objectNode().put("url", "https://example.com/hook");
            events.forEach(body.putArray("events")::add);
            if (!of.isEmpty()) {
                body.put(of, id);
            }
            if (events.contains("expiry")) {
                body.put("epochs", 2);
            }
            return body.toString();
        }

        /** The address of the stream, without its host. */
        public String stream() {
            return "/v1/stream?topics=" + topic + (filter.isEmpty() ? "" : "&" + filter + "=" + id);
        }
    }

    @GET
    @Path("blobs/{blobId}")
    @Operation(hidden = true)
    public RestResponse<String> blob(UriInfo uri, @RestPath String blobId) {
        return pages.show("Blobs", () -> {
            String id = pages.answer(blobs.blob(blobId, null)).text("blobId");
            return shown(
                    uri,
                    "Blobs",
                    new Watched(
                            "this blob",
                            id,
                            "/blobs/" + id,
                            "blob",
                            "blob",
                            List.of("expiry", "blob"),
                            "blobId",
                            "/watch/blobs/%s/calendar".formatted(id)));
        });
    }

    @GET
    @Path("operators/{nodeId}")
    @Operation(hidden = true)
    public RestResponse<String> operator(UriInfo uri, @RestPath String nodeId) {
        return pages.show(
                "Operators",
                () -> shown(
                        uri,
                        "Operators",
                        new Watched(
                                "this operator",
                                id(nodeId),
                                "/operators/" + id(nodeId),
                                "operator,score,governance",
                                "node",
                                List.of("score_drop", "commission_raise", "slashing_vote", "node_leaving"),
                                "nodeId",
                                "")));
    }

    @GET
    @Path("addresses/{address}")
    @Operation(hidden = true)
    public RestResponse<String> address(UriInfo uri, @RestPath String address) {
        return pages.show(
                "Blobs",
                () -> shown(
                        uri,
                        "Blobs",
                        new Watched(
                                "what this address holds",
                                id(address),
                                "/addresses/" + id(address),
                                "blob",
                                "account",
                                List.of("expiry", "blob"),
                                "account",
                                "")));
    }

    @GET
    @Path("{topic}")
    @Operation(hidden = true)
    public RestResponse<String> topic(UriInfo uri, @RestPath String topic) {
        return pages.show("Governance", () -> {
            var watched = switch (topic) {
                case "votes" ->
                    new Watched(
                            "votes",
                            "",
                            "/governance",
                            "governance",
                            "",
                            List.of("slashing_vote", "governance"),
                            "",
                            "");
                case "prices" -> new Watched("prices", "", "/economics", "price", "", List.of("price_change"), "", "");
                default ->
                    throw ProblemException.notFound(
                            "there is no '%s' to watch".formatted(ProblemException.shortened(topic)));
            };
            return shown(uri, topic.equals("votes") ? "Governance" : "Economics", watched);
        });
    }

    private TemplateInstance shown(UriInfo uri, String here, Watched watched) {
        var base = uri.getBaseUri();
        return watch.data("frame", pages.frameOfNow(here, pages.answer(network.network())))
                .data("watched", watched)
                .data("host", "%s://%s".formatted(base.getScheme(), base.getAuthority()));
    }

    private static String id(String id) {
        if (!id.matches("0x[0-9a-f]{1,64}")) {
            throw ProblemException.badInput(
                    "id", "an id is 0x and hex digits, not '%s'".formatted(ProblemException.shortened(id)));
        }
        return id;
    }

    /** The end of a blob as an entry of a calendar. */
    @GET
    @Path("blobs/{blobId}/calendar")
    @Produces("text/calendar")
    @Operation(hidden = true)
    public RestResponse<String> calendar(UriInfo uri, @RestPath String blobId) {
        var answer = pages.answer(blobs.blob(blobId, null));
        var dates = new EpochDates(pages.part(() -> governance.parameters(null)));
        String field = answer.text("state").equals("certified")
                ? "certifiedUntilEpochExclusive"
                : "registeredUntilEpochExclusive";
        var begins = dates.begins(answer, field);
        if (begins.isEmpty()) {
            throw ProblemException.notFound("nothing of this blob ends in an epoch whose time can be estimated");
        }
        return RestResponse.ResponseBuilder.<String>create(200)
                .entity(entry(uri, answer, answer.text(field), begins.get()))
                .header("Content-Disposition", "attachment; filename=\"blob-%s.ics\"".formatted(answer.text("blobId")))
                .header("Cache-Control", "no-cache")
                .build();
    }

    private static String entry(UriInfo uri, Answer blob, String epoch, Instant begins) {
        String id = blob.text("blobId");
        return String.join(
                "\r\n",
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:-//Vibrissa//EN",
                "BEGIN:VEVENT",
                "UID:" + id + "-" + epoch + "@vibrissa",
                "DTSTAMP:" + STAMP.format(Instant.parse(blob.text("asOf.timestamp"))),
                "DTSTART:" + STAMP.format(begins),
                "SUMMARY:Walrus blob %s ends when epoch %s begins".formatted(Words.cut(id), epoch),
                "DESCRIPTION:About this time: nobody knows when somebody calls for the epoch. As of checkpoint "
                        + blob.text("asOf.checkpoint") + ".",
                "URL:" + uri.getBaseUri().resolve("/blobs/" + id),
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                "DESCRIPTION:A blob ends in a week",
                "TRIGGER:-P7D",
                "END:VALARM",
                "END:VEVENT",
                "END:VCALENDAR",
                "");
    }
}
