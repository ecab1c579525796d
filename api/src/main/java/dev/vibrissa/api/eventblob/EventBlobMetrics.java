package dev.vibrissa.api.eventblob;

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

/** How event blobs and nodes' progress compare with us, whenever metrics are read: {@code vibrissa_event_blob_…}. */
@Singleton
class EventBlobMetrics implements MeterBinder {
    private static final List<String> OUTCOMES = List.of("agrees", "differs", "incomplete", "malformed", "unavailable");

    private static final String VALUES = """
            select 'audits ' || outcome as name, count(*)::float8 as value from event_blob_audit group by outcome
            union all select 'nodes ' || case when failure is null then 'answered' else 'silent' end, count(*)
              from node_progress group by failure is null
            union all select 'lag nodes-most', max(our_next_index - persisted) from node_progress having max(our_next_index - persisted) is not null
            union all select 'lag ours', percentile_disc(0.5) within group (order by persisted - our_next_index)
              from node_progress where persisted is not null and our_next_index is not null having count(*) > 0
            """;

    private final Fresh<Map<String, Double>> values;
    private final List<Runnable> unbind = new ArrayList<>();

    EventBlobMetrics(Readings readings) {
        values = readings.of(EventBlobMetrics::values, Duration.ofSeconds(10));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        OUTCOMES.forEach(
                each -> gauge(registry, "audits", "Event blobs that were held against our rows", 0, "outcome", each));
        List.of("answered", "silent")
                .forEach(each -> gauge(registry, "nodes", "Nodes that were asked how far they are", 0, "state", each));
        gauge(
                registry,
                "lag",
                "Elements by which the slowest node that answered is behind us; not a number before an event blob was read",
                Double.NaN,
                "of",
                "nodes-most");
        // Not the fastest: what one node says of itself is not to make us late.
        gauge(
                registry,
                "lag",
                "Elements by which we are behind half of the nodes that answered",
                Double.NaN,
                "of",
                "ours");
    }

    private void gauge(MeterRegistry registry, String name, String description, double none, String tag, String value) {
        Meter meter = Gauge.builder(
                        "vibrissa.event.blob." + name, () -> values.get().getOrDefault(name + " " + value, none))
                .description(description)
                .tags(Tags.of(tag, value))
                .register(registry);
        unbind.add(() -> registry.remove(meter));
    }

    /** The registry may outlive us. */
    @PreDestroy
    void unbind() {
        unbind.forEach(Runnable::run);
    }

    private static Map<String, Double> values(Snapshot db) {
        var found = new HashMap<String, Double>();
        db.list(VALUES, row -> found.put(row.text("name"), row.fraction("value")));
        return Map.copyOf(found);
    }
}
