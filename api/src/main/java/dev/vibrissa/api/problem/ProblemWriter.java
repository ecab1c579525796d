package dev.vibrissa.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;

/** Answers with a problem before any resource was reached. */
@ApplicationScoped
public class ProblemWriter {
    private final ObjectMapper json;

    ProblemWriter(ObjectMapper json) {
        this.json = json;
    }

    /** @param retryAfterSeconds when to come back, at least 1 */
    public void end(RoutingContext request, ProblemException problem, long retryAfterSeconds) {
        byte[] body;
        try {
            body = json.writeValueAsBytes(problem.problem().withInstance(request.normalizedPath()));
        } catch (JsonProcessingException e) { // a record of texts
            throw new IllegalStateException(e);
        }
        request.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.RETRY_AFTER, Long.toString(retryAfterSeconds))
                .end(Buffer.buffer(body));
    }
}
