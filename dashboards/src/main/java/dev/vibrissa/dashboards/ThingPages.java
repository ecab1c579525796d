package dev.vibrissa.dashboards;

import dev.vibrissa.api.audit.ProbeResource;
import dev.vibrissa.api.audit.RoundResource;
import dev.vibrissa.api.checkpoint.CheckpointResource;
import dev.vibrissa.api.checkpoint.TransactionResource;
import dev.vibrissa.api.epoch.EpochResource;
import dev.vibrissa.api.object.ObjectResource;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What evidence is made of, each shown field by field as the API answers it: no link of a page ends in nothing. */
@Path("/")
@RunOnVirtualThread
@Produces(MediaType.TEXT_HTML)
public class ThingPages {
    private final Pages pages;
    private final ObjectResource objects;
    private final TransactionResource transactions;
    private final CheckpointResource checkpoints;
    private final EpochResource epochs;
    private final ProbeResource probes;
    private final RoundResource rounds;
    private final Template thing;

    ThingPages(
            Pages pages,
            ObjectResource objects,
            TransactionResource transactions,
            CheckpointResource checkpoints,
            EpochResource epochs,
            ProbeResource probes,
            RoundResource rounds,
            Template thing) {
        this.pages = pages;
        this.objects = objects;
        this.transactions = transactions;
        this.checkpoints = checkpoints;
        this.epochs = epochs;
        this.probes = probes;
        this.rounds = rounds;
        this.thing = thing;
    }

    @GET
    @Path("objects/{objectId}")
    @Operation(hidden = true)
    public RestResponse<String> object(@RestPath String objectId, @RestQuery @Nullable String at) {
        return page(
                "Blobs",
                "Object",
                objectId,
                "/v1/objects/" + objectId,
                () -> objects.object(objectId, Pages.moment(at)));
    }

    @GET
    @Path("transactions/{tx}")
    @Operation(hidden = true)
    public RestResponse<String> transaction(@RestPath String tx) {
        return page("Blobs", "Transaction", tx, "/v1/transactions/" + tx, () -> transactions.transaction(tx));
    }

    @GET
    @Path("checkpoints/{checkpoint}")
    @Operation(hidden = true)
    public RestResponse<String> checkpoint(@RestPath String checkpoint) {
        return page(
                "Status",
                "Checkpoint",
                checkpoint,
                "/v1/checkpoints/" + checkpoint,
                () -> checkpoints.checkpoint(checkpoint));
    }

    @GET
    @Path("epochs/{epoch}")
    @Operation(hidden = true)
    public RestResponse<String> epoch(@RestPath String epoch, @RestQuery @Nullable String at) {
        return page("Governance", "Epoch", epoch, "/v1/epochs/" + epoch, () -> epochs.epoch(epoch, Pages.moment(at)));
    }

    @GET
    @Path("probes/{probeId}")
    @Operation(hidden = true)
    public RestResponse<String> probe(@RestPath String probeId, @RestQuery @Nullable String at) {
        return page("Audits", "Probe", probeId, "/v1/probes/" + probeId, () -> probes.probe(probeId, Pages.moment(at)));
    }

    @GET
    @Path("rounds/{roundId}")
    @Operation(hidden = true)
    public RestResponse<String> round(@RestPath String roundId, @RestQuery @Nullable String at) {
        return page("Audits", "Round", roundId, "/v1/rounds/" + roundId, () -> rounds.round(roundId, Pages.moment(at)));
    }

    private RestResponse<String> page(
            String here, String kind, String id, String data, Supplier<RestResponse<?>> question) {
        return pages.show(here, () -> {
            var answer = pages.answer(question.get());
            boolean lasts = kind.equals("Transaction") || kind.equals("Checkpoint");
            return thing.data("frame", lasts ? pages.frameOfNow(here, answer) : pages.frame(here, answer))
                    .data("answer", answer)
                    .data("kind", kind)
                    .data("id", id)
                    .data("data", data);
        });
    }
}
