package dev.vibrissa.api.kafka;

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

/** How shared extraction comes along, whenever metrics are read: {@code vibrissa_kafka_…}; zeros where there is no broker. */
@Singleton
class KafkaMetrics implements MeterBinder {
    private static final String STATE = """
            select 'ranges' as name, 'open' as of, count(*)::float8 as value
              from extraction_range where complete_at is null
            union all select 'ranges', 'asked-again', count(*)
              from extraction_range where complete_at is null and attempt > 1
            union all select 'range.age', '', extract(epoch from now() - min(planned_at))
              from extraction_range where complete_at is null having min(planned_at) is not null
            union all select 'attempts', '', max(attempt)
              from extraction_range where complete_at is null having max(attempt) is not null
            union all select 'lag', '', coalesce(sum(end_offset - next_offset), 0) from kafka_offset
            union all select 'dead.letters', '', times from kafka_tally where what = 'dead-letters'
            union all select 'extractor.restarts', what, times from kafka_tally where what <> 'dead-letters'
            """;

    private final Fresh<Map<String, Double>> values;
    private final List<Runnable> unbind = new ArrayList<>();

    KafkaMetrics(Readings readings) {
        values = readings.of(KafkaMetrics::read, Duration.ofSeconds(1));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "ranges", "Ranges of checkpoints asked of extractors and not stored yet", "state", "open");
        gauge(registry, "ranges", "Those that were asked for more than once", "state", "asked-again");
        gauge(registry, "range.age", "Seconds since the oldest open range was last asked for");
        gauge(registry, "attempts", "Most attempts of an open range");
        gauge(registry, "lag", "Records of the facts topic behind what is stored, as of the last commit");
        gauge(registry, "dead.letters", "Records that nobody could make sense of, ever");
        gauge(registry, "extractor.restarts", "Extractors that lost a race with another", "reason", "fenced");
        gauge(registry, "extractor.restarts", "Extractors that the broker failed", "reason", "interrupted");
    }

    private void gauge(MeterRegistry registry, String name, String description, String... tag) {
        String key = name + (tag.length == 0 ? "" : " " + tag[1]);
        Meter meter = Gauge.builder("vibrissa.kafka." + name, () -> values.get().getOrDefault(key, 0.0))
                .description(description)
                .baseUnit(name.endsWith(".age") ? "seconds" : null)
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
