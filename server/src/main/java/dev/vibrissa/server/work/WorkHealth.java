package dev.vibrissa.server.work;

import io.smallrye.health.api.Wellness;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * What each role does and why, at {@code /q/health/well} and in {@code /q/health}. A role that stands by is well; one that
 * stopped, tries again or hears nothing is not. Neither readiness nor liveness depend on it: to start a process again
 * helps against none of that, and answers about the past can be given all the same.
 */
@Wellness
@Singleton
class WorkHealth implements HealthCheck {
    @Override
    public HealthCheckResponse call() {
        var standings = WorkBoard.here().standings();
        var response = HealthCheckResponse.named("work")
                .status(standings.values().stream()
                        .allMatch(each -> each.state().isWell()));
        standings.forEach((role, standing) -> response.withData(
                role, "%s since %s: %s".formatted(standing.state(), standing.since(), standing.reason())));
        return response.build();
    }
}
