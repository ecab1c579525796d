package dev.vibrissa.api.audit;

import dev.vibrissa.api.audit.AuditStream.Event;
import dev.vibrissa.api.audit.AuditStream.Heard;
import dev.vibrissa.api.audit.AuditStream.Position;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Snapshots;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Tells what an audit log tells, as it grows. Each listener looks for itself, on a thread that costs nothing. */
@Path("/v1/stream")
@Tag(name = "audits")
@Singleton
public class AuditStreamResource {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** Something is said at least so often, for who is between us to leave the line open. */
    private static final int QUIET_LOOKS = 15;

    private static final Duration MOST_SENDING = Duration.ofSeconds(30);

    private final Snapshots snapshots;
    private final CountDownLatch stopped = new CountDownLatch(1);

    AuditStreamResource(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    void stop(@Observes ShutdownEvent event) {
        stopped.countDown();
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RunOnVirtualThread
    @Operation(
            operationId = "auditStream",
            summary = "What audits tell as they go on: frames with their signature, rounds, failures, contradictions",
            description =
                    "Events frame, round, failure and contradiction. The first names the epoch, root, seed height and"
                            + " signature, as soon as it is signed; the others are lines of the log. From now on, or after the event"
                            + " that Last-Event-ID names, without a gap.")
    @APIResponse(
            responseCode = "200",
            description = "Events, until either side hangs up",
            content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(type = SchemaType.STRING)))
    public void stream(
            @Parameter(description = "Ed25519 key of the log in hex; the leading one without it.") @RestQuery @Nullable
                    String prover,
            @Parameter(description = "Sequence of the first entry; from now on without it.", example = "0")
                    @RestQuery
                    @Nullable
                    String from,
            @Parameter(description = "Id of the last event that was heard.") @RestHeader("Last-Event-ID") @Nullable
                    String lastEventId,
            @Context SseEventSink sink,
            @Context Sse sse)
            throws InterruptedException {
        Position position = begin(prover, from, lastEventId);
        try (sink) {
            send(sink, sse.newEventBuilder().comment("listening").build());
            int quiet = 0;
            while (!sink.isClosed()) {
                Position looked = position;
                Heard heard = snapshots.read(db -> AuditStream.after(db, looked));
                for (Event each : heard.events()) {
                    send(sink, event(sse, each));
                }
                position = heard.next();
                if (!heard.events().isEmpty() || !position.equals(looked)) {
                    quiet = 0;
                    continue;
                }
                if (++quiet % QUIET_LOOKS == 0) {
                    send(sink, sse.newEventBuilder().comment("nothing new").build());
                }
                if (stopped.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (ListenerGoneException _) {
            // Nobody is there to be told; who comes back says where to go on.
        }
    }

    private Position begin(@Nullable String prover, @Nullable String from, @Nullable String lastEventId) {
        if (lastEventId != null) {
            Position position = Position.ofId(lastEventId);
            if (position == null) {
                throw ProblemException.badInput(
                        "Last-Event-ID",
                        "'%s' is no id of an event of this stream".formatted(ProblemException.shortened(lastEventId)));
            }
            return position;
        }
        String of = Input.optional(prover, AuditLogs::prover).orElse(null);
        var first = Input.optional(from, text -> Input.whole("from", text, 0, Long.MAX_VALUE / 2));
        Position end = snapshots.read(db -> AuditStream.end(db, of));
        return first.map(each -> new Position(end.prover(), each)).orElse(end);
    }

    private static OutboundSseEvent event(Sse sse, Event event) {
        return sse.newEventBuilder()
                .id(event.id())
                .name(event.name())
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(event.data())
                .build();
    }

    /** The connection is closed, or nothing is read from it. */
    private static final class ListenerGoneException extends Exception {
        ListenerGoneException(Throwable cause) {
            super("the listener is gone", cause);
        }
    }

    /** One after the other: who reads slowly is told slowly. */
    private static void send(SseEventSink sink, OutboundSseEvent event)
            throws ListenerGoneException, InterruptedException {
        try {
            sink.send(event).toCompletableFuture().get(MOST_SENDING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            throw new ListenerGoneException(e);
        }
    }
}
