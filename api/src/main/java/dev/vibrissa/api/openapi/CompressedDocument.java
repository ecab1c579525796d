package dev.vibrissa.api.openapi;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** The document is the largest answer of all, and the only one whose route the framework does not compress. */
@ApplicationScoped
class CompressedDocument {
    private static final int AMONG_OTHERS = 100;

    void register(@Observes Filters filters) {
        filters.register(CompressedDocument::compress, AMONG_OTHERS);
    }

    private static void compress(RoutingContext request) {
        if (request.normalizedPath().startsWith("/v1/openapi")) {
            // It is marked as identity, unless somebody takes the mark away.
            request.addHeadersEndHandler(_ -> request.response().headers().remove(HttpHeaders.CONTENT_ENCODING));
        }
        request.next();
    }
}
