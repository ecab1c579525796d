package dev.vibrissa.api.status;

import dev.vibrissa.api.sql.Fresh;
import dev.vibrissa.api.sql.Readings;
import dev.vibrissa.api.sql.Snapshot;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How far indexing is, whenever metrics are read: {@code vibrissa_index_…}. */
@Singleton
class IndexMetrics implements MeterBinder {
    private static final List<String> PIPELINES =
            List.of("facts", "blob", "epoch", "adoption", "governance", "money", "stake", "totals");

    private static final String STATE = """
            select 'last.checkpoint' as name, pipeline as of, last_checkpoint::float8 as value from watermark
            union all select 'lag', '', extract(epoch from now() - c.checkpoint_at)
              from watermark w join public.checkpoint c on c.sequence_number = w.last_checkpoint where w.pipeline = 'facts'
            union all select 'quarantined', '', quarantined from totals
            union all select 'unknown.events', '', coalesce(sum(events), 0) from event_total where not known
            """;

    private final Fresh<Map<String, Double>> values;
    private final List<Runnable> unbind = new ArrayList<>();

    IndexMetrics(Readings readings) {
        values = readings.of(IndexMetrics::read, Duration.ofSeconds(1));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        PIPELINES.forEach(each ->
                gauge(registry, "last.checkpoint", "Last checkpoint that is stored, or folded", "pipeline", each));
        gauge(registry, "lag", "Age of the last checkpoint that is stored; not a number before the first");
        gauge(registry, "quarantined", "Parts of transactions that nobody could read, ever");
        gauge(registry, "unknown.events", "Events of a form that this version does not know, ever");
    }

    private void gauge(MeterRegistry registry, String name, String description, String... tag) {
        String key = name + (tag.length == 0 ? "" : " " + tag[1]);
        Meter meter = Gauge.builder("vibrissa.index." + name, () -> values.get().getOrDefault(key, Double.NaN))
                .description(description)
                .baseUnit(name.equals("lag") ? "seconds" : null)
                .tags(Tags.of(tag))
                .register(registry);
        unbind.add(() -> registry.remove(meter));
    }

    /** The registry may outlive us. */
    @PreDestroy
    void unbind() {
        unbind.forEach(Runnable::run);
    }

    private static Map<String, Double> read(Snapshot db) {
        var values = new HashMap<String, Double>();
        db.list(STATE, row -> values.put((row.text("name") + " " + row.text("of")).strip(), row.fraction("value")));
        return Map.copyOf(values);
    }
}
