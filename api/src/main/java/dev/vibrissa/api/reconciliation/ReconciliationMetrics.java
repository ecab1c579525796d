package dev.vibrissa.api.reconciliation;

import dev.vibrissa.api.sql.Snapshots;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Counts what does not agree, check by check, whenever metrics are read: {@code vibrissa_reconciliation_mismatches}. */
@Singleton
class ReconciliationMetrics implements MeterBinder {
    /** The gauges of one reading share one look into the database. */
    private static final long FRESH_NANOS = 1_000_000_000;

    private final Snapshots snapshots;
    private Map<String, Long> mismatches = Map.of();
    private long readNanos;
    private boolean read;
    private final List<Runnable> unbind = new ArrayList<>();

    ReconciliationMetrics(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (String check : Reconciliations.CHECKS) {
            var gauge = Gauge.builder(
                            "vibrissa.reconciliation.mismatches",
                            () -> mismatches().getOrDefault(check, 0L))
                    .description("Checks of derived totals against the contract's own counters that do not agree")
                    .tag("check", check)
                    .register(registry);
            unbind.add(() -> registry.remove(gauge));
        }
    }

    /** The registry may outlive us. */
    @PreDestroy
    void unbind() {
        unbind.forEach(Runnable::run);
    }

    /** Without a database there is nothing to tell: the gauges are NaN then, and Micrometer logs why. */
    private synchronized Map<String, Long> mismatches() {
        if (!read || System.nanoTime() - readNanos > FRESH_NANOS) {
            read = false;
            mismatches = snapshots.read(Reconciliations::mismatches);
            readNanos = System.nanoTime();
            read = true;
        }
        return mismatches;
    }
}
