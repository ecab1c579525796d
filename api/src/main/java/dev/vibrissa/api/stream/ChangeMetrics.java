package dev.vibrissa.api.stream;

import dev.vibrissa.api.sql.Fresh;
import dev.vibrissa.api.sql.Readings;
import dev.vibrissa.api.sql.Snapshot;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** How far changes are told, read from the database: whoever tells them may be another process. */
@Singleton
class ChangeMetrics implements MeterBinder {
    /** Deliveries are counted: not at every reading. */
    private static final Duration FRESH = Duration.ofSeconds(15);

    private final Fresh<Figures> figures;
    private final List<Runnable> unbind = new ArrayList<>();

    private record Figures(long last, long published, long lost, long untold, Map<String, Long> deliveries) {}

    ChangeMetrics(Readings readings) {
        figures = readings.of(ChangeMetrics::figures, FRESH);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "vibrissa.changes.last.id", "The last change that was told", Figures::last);
        gauge(registry, "vibrissa.changes.published.id", "The last change in Kafka", Figures::published);
        gauge(
                registry,
                "vibrissa.changes.lost",
                "Changes that were not published: dropped before, or damaged",
                Figures::lost);
        gauge(
                registry,
                "vibrissa.webhook.lost",
                "Changes that webhooks that are there were not told of",
                Figures::untold);
        for (String state : List.of("waiting", "delivered", "dead")) {
            var gauge = Gauge.builder(
                            "vibrissa.webhook.deliveries",
                            () -> figures.get().deliveries().getOrDefault(state, 0L))
                    .description("Deliveries of webhooks that are kept")
                    .tag("state", state)
                    .register(registry);
            unbind.add(() -> registry.remove(gauge));
        }
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<Figures> of) {
        var gauge = Gauge.builder(name, () -> of.applyAsDouble(figures.get()))
                .description(description)
                .register(registry);
        unbind.add(() -> registry.remove(gauge));
    }

    /** The registry may outlive us. */
    @PreDestroy
    void unbind() {
        unbind.forEach(Runnable::run);
    }

    private static Figures figures(Snapshot db) {
        var deliveries = new TreeMap<String, Long>();
        db.list(
                        "select state, count(*) as n from public.webhook_delivery group by state",
                        row -> Map.entry(row.text("state"), row.number("n")))
                .forEach(each -> deliveries.put(each.getKey(), each.getValue()));
        return new Figures(
                ChangeSource.range(db).last(),
                db.first("select published_id from public.change_publisher", row -> row.number("published_id"))
                        .orElse(0L),
                db.first("select lost from public.change_publisher", row -> row.number("lost"))
                        .orElse(0L),
                db.first("select coalesce(sum(lost), 0)::bigint as lost from public.webhook", row -> row.number("lost"))
                        .orElse(0L),
                deliveries);
    }
}
