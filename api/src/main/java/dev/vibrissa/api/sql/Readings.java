package dev.vibrissa.api.sql;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Function;

/**
 * What gauges show of the database. The gauges of one reading share one look, and all of them together are told within
 * ten seconds, with a database or without: metrics are needed most when it is away.
 */
@ApplicationScoped
public class Readings {
    /** Whoever reads metrics gives up after ten seconds. */
    private static final Duration FIRST = Duration.ofSeconds(4);

    private static final Duration OTHERS = Duration.ofMillis(300);

    private final Snapshots snapshots;
    private final Patience patience = new Patience(FIRST, OTHERS, System::nanoTime);

    Readings(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    /** @param most how old the value may be */
    public <T> Fresh<T> of(Function<Snapshot, T> reading, Duration most) {
        return new Fresh<>(() -> snapshots.read(reading), most, System::nanoTime, patience);
    }
}
