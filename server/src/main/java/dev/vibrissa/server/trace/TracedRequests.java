package dev.vibrissa.server.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/** A span for each request, as long as it takes to make the answer, named by its route; a caller's trace goes on. */
@Singleton
final class TracedRequests {
    private static final String SPAN = TracedRequests.class.getName();
    private static final int SERVER_FAULT = 500;

    private static final TextMapGetter<ContainerRequestContext> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(ContainerRequestContext request) {
            return request.getHeaders().keySet();
        }

        @Override
        public @Nullable String get(@Nullable ContainerRequestContext request, String key) {
            return request == null ? null : request.getHeaderString(key);
        }
    };

    @ServerRequestFilter
    void begins(ContainerRequestContext request, ResourceInfo resource) {
        Optional<Tracer> tracer = Traces.tracer();
        if (tracer.isPresent()) {
            String route = route(resource);
            var span = tracer.get()
                    .spanBuilder(request.getMethod() + " " + route)
                    .setSpanKind(SpanKind.SERVER)
                    .setParent(W3CTraceContextPropagator.getInstance().extract(Context.root(), request, HEADERS))
                    .setAttribute("http.request.method", request.getMethod())
                    .setAttribute("http.route", route)
                    .setAttribute("url.path", request.getUriInfo().getPath())
                    .startSpan();
            request.setProperty(SPAN, span);
        }
    }

    @ServerResponseFilter
    void ends(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(SPAN) instanceof Span span) {
            span.setAttribute("http.response.status_code", response.getStatus());
            if (response.getStatus() >= SERVER_FAULT) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }
    }

    private static String route(ResourceInfo resource) {
        return Stream.of(resource.getResourceClass(), resource.getResourceMethod())
                .flatMap(each -> Optional.ofNullable(each.getAnnotation(Path.class)).stream())
                .flatMap(path -> Stream.of(path.value().split("/")))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("/", "/", ""));
    }
}
