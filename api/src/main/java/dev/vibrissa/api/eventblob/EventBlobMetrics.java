package dev.vibrissa.api.eventblob;

import dev.vibrissa.api.sql.Gauges;
import dev.vibrissa.api.sql.Readings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/** How event blobs and nodes' progress compare with us, whenever metrics are read: {@code vibrissa_event_blob_…}. */
@Singleton
class EventBlobMetrics implements MeterBinder {
    private static final List<String> OUTCOMES = List.of("agrees", "differs", "incomplete", "malformed", "unavailable");

    private static final String VALUES = """
            select 'audits' as name, outcome as of, count(*)::float8 as value from event_blob_audit group by outcome
            union all select 'nodes', case when failure is null then 'answered' else 'silent' end, count(*)
              from node_progress group by failure is null
            union all select 'lag', 'nodes-most', max(our_next_index - persisted) from node_progress having max(our_next_index - persisted) is not null
            union all select 'lag', 'ours', percentile_disc(0.5) within group (order by persisted - our_next_index)
              from node_progress where persisted is not null and our_next_index is not null having count(*) > 0
            """;

    private final Gauges gauges;

    EventBlobMetrics(Readings readings) {
        gauges = new Gauges(readings, "vibrissa.event.blob.", VALUES, Duration.ofSeconds(10));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        OUTCOMES.forEach(each ->
                gauges.bind(registry, "audits", "Event blobs that were held against our rows", 0, "outcome", each));
        List.of("answered", "silent")
                .forEach(each ->
                        gauges.bind(registry, "nodes", "Nodes that were asked how far they are", 0, "state", each));
        gauges.bind(
                registry,
                "lag",
                "Elements by which the slowest node that answered is behind us; not a number before an event blob was read",
                Double.NaN,
                "of",
                "nodes-most");
        // Not the fastest: what one node says of itself is not to make us late.
        gauges.bind(
                registry,
                "lag",
                "Elements by which we are behind half of the nodes that answered",
                Double.NaN,
                "of",
                "ours");
    }

    @PreDestroy
    void unbind() {
        gauges.unbind();
    }
}
