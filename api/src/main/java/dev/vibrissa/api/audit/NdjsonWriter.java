package dev.vibrissa.api.audit;

import dev.vibrissa.api.audit.AuditViews.LogLine;
import dev.vibrissa.api.page.Page;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Lines of a log as they are, one after the other; the cursor of the next page goes into a header. */
class NdjsonWriter {
    static final String NDJSON = "application/x-ndjson";

    private static final MediaType TYPE = MediaType.valueOf(NDJSON);

    @ServerResponseFilter
    void write(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getEntity() instanceof Page<?> page && wantsLines(request)) {
            var text = new StringBuilder();
            for (Object item : page.items()) {
                if (!(item instanceof LogLine entry)) {
                    return;
                }
                text.append(entry.line()).append('\n');
            }
            response.setEntity(text.toString());
            response.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, TYPE);
            if (page.next() != null) {
                response.getHeaders().putSingle("Vibrissa-Next-Cursor", page.next());
            }
        }
    }

    private static boolean wantsLines(ContainerRequestContext request) {
        return !request.getAcceptableMediaTypes().isEmpty()
                && TYPE.equals(request.getAcceptableMediaTypes().getFirst());
    }
}
