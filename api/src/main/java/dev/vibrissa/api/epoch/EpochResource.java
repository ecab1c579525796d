package dev.vibrissa.api.epoch;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.epoch.EpochViews.CommitteeView;
import dev.vibrissa.api.epoch.EpochViews.EpochAnswer;
import dev.vibrissa.api.epoch.EpochViews.EpochView;
import dev.vibrissa.api.epoch.EpochViews.FingerprintsAnswer;
import dev.vibrissa.api.epoch.EpochViews.SyncView;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/epochs")
@Tag(name = "epochs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class EpochResource {
    private final Answers answers;
    private final Quotes quotes;

    EpochResource(Answers answers, Quotes quotes) {
        this.answers = answers;
        this.quotes = quotes;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "epochs", summary = "Walrus epochs, the next one too once its committee is chosen")
    public RestResponse<Page<EpochView>> list(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 1);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment, EpochQueries.list(db, moment, page), epoch -> List.of(Long.toString(epoch.epoch()))));
    }

    @GET
    @Path("{epoch}")
    @Operation(operationId = "epoch", summary = "A Walrus epoch")
    public RestResponse<EpochAnswer> epoch(@RestPath String epoch, @RestQuery @Nullable String at) {
        long number = Input.epoch("epoch", epoch);
        return answers.at(at, (db, moment) -> new EpochAnswer(moment.asOf(), find(db, moment, number)));
    }

    @GET
    @Path("{epoch}/committee")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "committee",
            summary = "Who stores which shards in an epoch, and what moved since the epoch before")
    public RestResponse<CommitteeView> committee(@RestPath String epoch, @RestQuery @Nullable String at) {
        long number = Input.epoch("epoch", epoch);
        return answers.at(
                at,
                (db, moment) -> EpochQueries.committee(db, moment, find(db, moment, number))
                        .orElseThrow(() -> ProblemException.notFound(
                                "the committee of Walrus epoch %d was chosen before our history begins at checkpoint %d"
                                        .formatted(number, moment.asOf().firstCheckpoint()))));
    }

    @GET
    @Path("{epoch}/sync")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "epochSync",
            summary = "Which nodes reported their shards ready in an epoch, and how long after its start")
    public RestResponse<SyncView> sync(@RestPath String epoch, @RestQuery @Nullable String at) {
        long number = Input.epoch("epoch", epoch);
        return answers.at(at, (db, moment) -> EpochQueries.sync(db, moment, find(db, moment, number)));
    }

    @GET
    @Path("{epoch}/change")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "epochChange",
            summary = "What became of the money of the epoch before when an epoch began: burn, rewards, leftover")
    public RestResponse<EpochChangeView> change(@RestPath String epoch, @RestQuery @Nullable String at) {
        long number = Input.epoch("epoch", epoch);
        return answers.at(
                at,
                (db, moment) -> EpochChangeView.find(db, moment, number, quotes)
                        .orElseThrow(() -> ProblemException.notFound(
                                "the beginning of Walrus epoch %d is not indexed up to checkpoint %d"
                                        .formatted(number, moment.checkpoint()))));
    }

    @GET
    @Path("{epoch}/fingerprints")
    @Operation(
            operationId = "epochFingerprints",
            summary =
                    "Hashes over what was certified when an epoch began, as storage nodes publish them of their tables")
    public RestResponse<FingerprintsAnswer> fingerprints(@RestPath String epoch, @RestQuery @Nullable String at) {
        long number = Input.epoch("epoch", epoch);
        return answers.at(at, (db, moment) -> {
            if (find(db, moment, number).started() == null) {
                throw ProblemException.notFound("the beginning of Walrus epoch %d is not indexed up to checkpoint %d"
                        .formatted(number, moment.checkpoint()));
            }
            return Fingerprints.of(db, moment, number);
        });
    }

    private static EpochView find(Snapshot db, Moment moment, long epoch) {
        return EpochQueries.find(db, moment, epoch)
                .orElseThrow(() ->
                        ProblemException.notFound("Walrus epoch %d is not known at checkpoint %d, where epoch %s runs"
                                .formatted(
                                        epoch,
                                        moment.checkpoint(),
                                        moment.asOf().epoch() == null
                                                ? "none"
                                                : moment.asOf().epoch())));
    }
}
