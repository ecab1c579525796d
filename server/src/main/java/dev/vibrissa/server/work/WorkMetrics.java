package dev.vibrissa.server.work;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;

/** {@code vibrissa_work_state{role,state}}: 1 for the state that a role is in, 0 for the others. Why, health tells. */
@Singleton
class WorkMetrics implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        for (String role : WorkBoard.here().standings().keySet()) {
            for (WorkState state : WorkState.values()) {
                Gauge.builder("vibrissa.work.state", () -> is(role, state) ? 1 : 0)
                        .description("Whether a role of this process is in a state; the reason is at /q/health/well")
                        .tag("role", role)
                        .tag("state", state.toString())
                        .register(registry);
            }
        }
    }

    private static boolean is(String role, WorkState state) {
        var standing = WorkBoard.here().standings().get(role);
        return standing != null && standing.state() == state;
    }
}
