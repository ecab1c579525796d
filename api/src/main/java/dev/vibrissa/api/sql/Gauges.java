package dev.vibrissa.api.sql;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gauges that share one query, which is asked when metrics are read. */
public final class Gauges {
    private final String prefix;
    private final Fresh<Map<String, Double>> values;
    private final List<Runnable> unbind = new ArrayList<>();

    /**
     * @param prefix of all names, with a dot at its end
     * @param sql with the columns {@code name}, {@code of} (value of the tag, empty without one) and {@code value}
     *     (double precision)
     * @param most how old a value may be
     */
    public Gauges(Readings readings, String prefix, String sql, Duration most) {
        this.prefix = prefix;
        this.values = readings.of(db -> read(db, sql), most);
    }

    /**
     * @param name as the query tells it; a unit is its end
     * @param none where the query has no row
     * @param tag none, or a name and a value
     */
    public void bind(MeterRegistry registry, String name, String description, double none, String... tag) {
        String key = name + (tag.length == 0 ? "" : " " + tag[1]);
        Meter meter = Gauge.builder(prefix + name, () -> values.get().getOrDefault(key, none))
                .description(description)
                .tags(Tags.of(tag))
                .register(registry);
        unbind.add(() -> registry.remove(meter));
    }

    /** The registry may outlive whoever bound them. */
    public void unbind() {
        unbind.forEach(Runnable::run);
    }

    private static Map<String, Double> read(Snapshot db, String sql) {
        var values = new HashMap<String, Double>();
        db.list(sql, row -> values.put((row.text("name") + " " + row.text("of")).strip(), row.fraction("value")));
        return Map.copyOf(values);
    }
}
