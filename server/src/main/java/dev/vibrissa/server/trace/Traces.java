package dev.vibrissa.server.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where spans of this process go, from when it is opened until it is closed. */
public final class Traces implements AutoCloseable {
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static volatile @Nullable Tracer tracer;

    private final SdkTracerProvider provider;

    private Traces(SdkTracerProvider provider) {
        this.provider = provider;
    }

    /**
     * From now on spans go to a collector, some at a time; one that is away costs nothing but them.
     *
     * @param endpoint of OTLP over HTTP, without {@code /v1/traces}
     */
    public static Traces to(URI endpoint) {
        String base = endpoint.toString();
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint((base.endsWith("/") ? base : base + "/") + "v1/traces")
                .build();
        var provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "vibrissa"))))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
                .build();
        tracer = provider.get("dev.vibrissa");
        return new Traces(provider);
    }

    /** Empty where no endpoint is set. */
    static Optional<Tracer> tracer() {
        return Optional.ofNullable(tracer);
    }

    /** Tells of something that has just ended. */
    public static void ended(String name, Duration took, Attributes attributes) {
        Tracer to = tracer;
        if (to != null) {
            var now = Instant.now();
            to.spanBuilder(name)
                    .setNoParent()
                    .setStartTimestamp(now.minus(took))
                    .setAllAttributes(attributes)
                    .startSpan()
                    .end(now);
        }
    }

    /** Sends what is left, and waits for that. */
    @Override
    public void close() {
        tracer = null;
        provider.shutdown().join(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    }
}
