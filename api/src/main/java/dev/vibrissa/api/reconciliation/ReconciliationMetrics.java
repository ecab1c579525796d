package dev.vibrissa.api.reconciliation;

import dev.vibrissa.api.sql.Fresh;
import dev.vibrissa.api.sql.Readings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Counts what does not agree, check by check, whenever metrics are read: {@code vibrissa_reconciliation_mismatches}. */
@Singleton
class ReconciliationMetrics implements MeterBinder {
    private final Fresh<Map<String, Long>> mismatches;
    private final List<Runnable> unbind = new ArrayList<>();

    ReconciliationMetrics(Readings readings) {
        mismatches = readings.of(Reconciliations::mismatches, Duration.ofSeconds(1));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (String check : Reconciliations.CHECKS) {
            var gauge = Gauge.builder(
                            "vibrissa.reconciliation.mismatches",
                            () -> mismatches.get().getOrDefault(check, 0L))
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
}
