package dev.vibrissa.api.kafka;

import dev.vibrissa.api.sql.Gauges;
import dev.vibrissa.api.sql.Readings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;

/** How shared extraction comes along, whenever metrics are read: {@code vibrissa_kafka_…}; zeros where there is no broker. */
@Singleton
class KafkaMetrics implements MeterBinder {
    private static final String STATE = """
            select 'ranges' as name, 'open' as of, count(*)::float8 as value
              from extraction_range where complete_at is null
            union all select 'ranges', 'asked-again', count(*)
              from extraction_range where complete_at is null and attempt > 1
            union all select 'range.age.seconds', '', extract(epoch from now() - min(planned_at))
              from extraction_range where complete_at is null having min(planned_at) is not null
            union all select 'attempts', '', max(attempt)
              from extraction_range where complete_at is null having max(attempt) is not null
            union all select 'lag', '', coalesce(sum(end_offset - next_offset), 0) from kafka_offset
            union all select 'dead.letters', '', times from kafka_tally where what = 'dead-letters'
            union all select 'extractor.restarts', what, times from kafka_tally where what <> 'dead-letters'
            """;

    private final Gauges gauges;

    KafkaMetrics(Readings readings) {
        gauges = new Gauges(readings, "vibrissa.kafka.", STATE, Duration.ofSeconds(1));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauges.bind(
                registry, "ranges", "Ranges of checkpoints asked of extractors and not stored yet", 0, "state", "open");
        gauges.bind(registry, "ranges", "Those that were asked for more than once", 0, "state", "asked-again");
        gauges.bind(registry, "range.age.seconds", "Seconds since the oldest open range was last asked for", 0);
        gauges.bind(registry, "attempts", "Most attempts of an open range", 0);
        gauges.bind(registry, "lag", "Records of the facts topic behind what is stored, as of the last commit", 0);
        gauges.bind(registry, "dead.letters", "Records that nobody could make sense of, ever", 0);
        gauges.bind(registry, "extractor.restarts", "Extractors that lost a race with another", 0, "reason", "fenced");
        gauges.bind(registry, "extractor.restarts", "Extractors that the broker failed", 0, "reason", "interrupted");
    }

    @PreDestroy
    void unbind() {
        gauges.unbind();
    }
}
