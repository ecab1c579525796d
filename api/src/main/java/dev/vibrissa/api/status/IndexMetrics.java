package dev.vibrissa.api.status;

import dev.vibrissa.api.sql.Gauges;
import dev.vibrissa.api.sql.Readings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/** How far indexing is, whenever metrics are read: {@code vibrissa_index_…}. */
@Singleton
class IndexMetrics implements MeterBinder {
    private static final List<String> PIPELINES =
            List.of("facts", "blob", "epoch", "adoption", "governance", "money", "stake", "totals");

    private static final String STATE = """
            select 'last.checkpoint' as name, pipeline as of, last_checkpoint::float8 as value from watermark
            union all select 'lag.seconds', '', extract(epoch from now() - c.checkpoint_at)
              from watermark w join public.checkpoint c on c.sequence_number = w.last_checkpoint where w.pipeline = 'facts'
            union all select 'quarantined', '', quarantined from totals
            union all select 'unknown.events', '', coalesce(sum(events), 0) from event_total where not known
            """;

    private final Gauges gauges;

    IndexMetrics(Readings readings) {
        gauges = new Gauges(readings, "vibrissa.index.", STATE, Duration.ofSeconds(1));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        PIPELINES.forEach(each -> gauges.bind(
                registry,
                "last.checkpoint",
                "Last checkpoint that is stored, or folded",
                Double.NaN,
                "pipeline",
                each));
        gauges.bind(
                registry,
                "lag.seconds",
                "Age of the last checkpoint that is stored; not a number before the first",
                Double.NaN);
        gauges.bind(registry, "quarantined", "Parts of transactions that nobody could read, ever", Double.NaN);
        gauges.bind(registry, "unknown.events", "Events of a form that this version does not know, ever", Double.NaN);
    }

    @PreDestroy
    void unbind() {
        gauges.unbind();
    }
}
