package dev.vibrissa.devnet.node;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Works an answer out beside the event loop, and sends it as the node's faults have it. */
final class Answers {
    private static final Logger LOG = Logger.getLogger(Answers.class);
    private static final int BAD_REQUEST = 400;
    private static final long POLL_MILLIS = 50;
    private static final int DRIPS_PER_SECOND = 10;
    private static final int MAX_U16 = 0xffff;

    private final Vertx vertx;
    private final Executor threads;
    private final Faults faults;

    Answers(Vertx vertx, Executor threads, Faults faults) {
        this.vertx = vertx;
        this.threads = threads;
        this.faults = faults;
    }

    /** Reads a request, which may fail with an IllegalArgumentException, into the work of answering it, which may block. */
    @FunctionalInterface
    interface Question {
        Supplier<Answer> read(RoutingContext context);
    }

    void answer(RoutingContext context, Question question) {
        answer(context, question, Duration.ZERO);
    }

    /**
     * @param patience how long to wait for a registration rather than to tell that there is none
     */
    void answer(RoutingContext context, Question question, Duration patience) {
        Supplier<Answer> work;
        try {
            work = question.read(context);
        } catch (IllegalArgumentException e) {
            send(
                    context.response(),
                    new Answer.Text(BAD_REQUEST, "text/plain; charset=utf-8", "Invalid request: " + e.getMessage()));
            return;
        }
        answer(context, work, System.nanoTime() + patience.toNanos());
    }

    private void answer(RoutingContext context, Supplier<Answer> work, long deadline) {
        var loop = vertx.getOrCreateContext();
        threads.execute(() -> {
            Answer answer = worked(work, context.request().uri());
            loop.runOnContext(_ -> {
                if (answer instanceof Answer.Refused(Reason reason, String _)
                        && reason == Reason.NOT_REGISTERED
                        && System.nanoTime() < deadline) {
                    vertx.setTimer(POLL_MILLIS, _ -> {
                        if (!context.response().closed()) {
                            answer(context, work, deadline);
                        }
                    });
                } else {
                    send(context.response(), answer);
                }
            });
        });
    }

    private static Answer worked(Supplier<Answer> work, String uri) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            LOG.errorf(e, "no answer to uri=%s", uri);
            return new Answer.Refused(Reason.INTERNAL_ERROR, "an internal error has occurred");
        }
    }

    void send(HttpServerResponse response, Answer worked) {
        Answer answer = faults.has(Fault.Overloaded.class)
                ? new Answer.Refused(Reason.UNAVAILABLE, "too many requests are in flight")
                : worked;
        faults.of(Fault.Slow.class)
                .ifPresentOrElse(
                        slow -> vertx.setTimer(slow.delay().toMillis(), _ -> begin(response, answer)),
                        () -> begin(response, answer));
    }

    private void begin(HttpServerResponse response, Answer answer) {
        if (response.closed()) {
            return; // the client has gone, or the node has
        }
        Buffer body = answer.body();
        response.setStatusCode(answer.code())
                .putHeader("Content-Type", answer.contentType())
                .putHeader("Content-Length", Integer.toString(body.length()));
        faults.of(Fault.Dripping.class)
                .ifPresentOrElse(dripping -> drip(response, body, dripping), () -> response.end(body));
    }

    private void drip(HttpServerResponse response, Buffer body, Fault.Dripping dripping) {
        int step = Math.max(1, dripping.bytesPerSecond() / DRIPS_PER_SECOND);
        long pauseMillis = Math.max(1, 1000L * step / dripping.bytesPerSecond());
        drip(response, body, 0, step, pauseMillis);
    }

    private void drip(HttpServerResponse response, Buffer body, int from, int step, long pauseMillis) {
        if (response.closed()) {
            return;
        }
        int to = Math.min(body.length(), from + step);
        response.write(body.slice(from, to));
        if (to == body.length()) {
            response.end();
        } else {
            vertx.setTimer(pauseMillis, _ -> drip(response, body, to, step, pauseMillis));
        }
    }

    /**
     * Reads an unsigned number of 16 bits.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static int u16(String text) {
        try {
            int value = Integer.parseInt(text);
            if (value >= 0 && value <= MAX_U16) {
                return value;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw new IllegalArgumentException("'%s' is no number of 16 bits".formatted(text));
    }
}
