package dev.vibrissa.dashboards;

import dev.vibrissa.api.network.NetworkResource;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.QueryFailedException;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * Tells open pages that the chain went on. They fetch themselves again and exchange what is marked as live, so that what
 * changes in a page was made by the same code as the page.
 */
@Path("/live")
@Singleton
public class LiveResource {
    private static final long LOOK_EVERY_MILLIS = 2_000;
    private static final long MOST_SENDING_MILLIS = 30_000;

    private final Pages pages;
    private final NetworkResource network;
    private final CountDownLatch stopped = new CountDownLatch(1);

    LiveResource(Pages pages, NetworkResource network) {
        this.pages = pages;
        this.network = network;
    }

    void stop(@Observes ShutdownEvent event) {
        stopped.countDown();
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RunOnVirtualThread
    @Operation(hidden = true)
    public void live(@Context SseEventSink sink, @Context Sse sse) throws InterruptedException {
        long told = -1;
        try (sink) {
            while (!sink.isClosed()) {
                long tip = tip();
                var event = tip == told
                        ? sse.newEventBuilder().comment("nothing new").build()
                        : sse.newEventBuilder()
                                .name("tip")
                                .id(Long.toString(tip))
                                .data(Long.toString(tip))
                                .build();
                told = tip;
                sink.send(event).toCompletableFuture().get(MOST_SENDING_MILLIS, TimeUnit.MILLISECONDS);
                if (stopped.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (ExecutionException | TimeoutException | IllegalStateException _) {
            // Nobody reads any more.
        }
    }

    private long tip() {
        try {
            return pages.answer(network.network()).whole("asOf.checkpoint");
        } catch (ProblemException | QueryFailedException _) {
            return -1; // nothing is indexed yet, or the database is away
        }
    }
}
