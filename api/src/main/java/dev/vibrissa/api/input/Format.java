package dev.vibrissa.api.input;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** {@code ?format=csv} and {@code ?format=ndjson} for those who cannot set {@code Accept}. */
class Format {
    @ServerRequestFilter(preMatching = true)
    void choose(ContainerRequestContext request) {
        String format = request.getUriInfo().getQueryParameters().getFirst("format");
        if (format != null && request.getUriInfo().getPath().startsWith("/v1/")) {
            request.getHeaders()
                    .putSingle(
                            HttpHeaders.ACCEPT,
                            switch (Input.oneOf("format", format, List.of("json", "csv", "ndjson"))) {
                                case "csv" -> "text/csv";
                                case "ndjson" -> "application/x-ndjson";
                                default -> "application/json";
                            });
        }
    }
}
