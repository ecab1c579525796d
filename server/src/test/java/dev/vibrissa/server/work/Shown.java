package dev.vibrissa.server.work;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;

/** What an operator sees of a role of this process. */
public final class Shown {
    private Shown() {}

    /** State, since when and reason, as in {@code /q/health}. */
    public static String health(String role) {
        return String.valueOf(new WorkHealth().call().getData().orElse(Map.of()).get(role));
    }

    /** Whether {@code vibrissa_work_state} is 1 for this state. */
    public static boolean isMeteredAs(String role, String state) {
        var registry = new SimpleMeterRegistry();
        new WorkMetrics().bindTo(registry);
        var gauge = registry.find("vibrissa.work.state")
                .tags("role", role, "state", state)
                .gauge();
        return gauge != null && gauge.value() == 1;
    }
}
