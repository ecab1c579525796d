package dev.vibrissa.api.deadline;

import dev.vibrissa.api.ApiConfig;
import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives each request its deadline: the one that is set, or an earlier one that the client asks for with the header
 * {@code Prefer: wait=SECONDS}. Streams have none, for they end when somebody hangs up.
 */
@ApplicationScoped
public class Deadlines {
    private static final int BEFORE_ALL_OTHERS = 1_000;
    private static final String KEY = "vibrissa.deadline";
    /** Of RFC 7240, one among other preferences. */
    private static final Pattern WAIT =
            Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?([1-9][0-9]{0,5})\"?(?:$|[,;\\s])", Pattern.CASE_INSENSITIVE);

    private final Duration most;
    private final CurrentVertxRequest current;

    Deadlines(ApiConfig config, CurrentVertxRequest current) {
        this.most = config.deadline();
        this.current = current;
    }

    void register(@Observes Filters filters) {
        filters.register(this::begin, BEFORE_ALL_OTHERS);
    }

    private void begin(RoutingContext request) {
        if (!Streams.isStream(request)) {
            var wanted = wanted(request.request().headers().getAll("Prefer"));
            wanted.ifPresent(
                    wait -> request.response().headers().set("Preference-Applied", "wait=" + wait.toSeconds()));
            request.put(KEY, new Deadline(System.nanoTime(), wanted.orElse(most)));
        }
        request.next();
    }

    /** What the client prefers, where that is earlier than what it gets anyway. */
    private Optional<Duration> wanted(List<String> preferences) {
        return preferences.stream()
                .map(WAIT::matcher)
                .filter(Matcher::find)
                .map(found -> Duration.ofSeconds(Long.parseLong(found.group(1))))
                .findFirst()
                .filter(wait -> wait.compareTo(most) < 0);
    }

    /** Empty where nobody waits for an answer: for streams, metrics and what else goes on by itself. */
    public Optional<Deadline> ofThisRequest() {
        if (!Arc.container().requestContext().isActive()) {
            return Optional.empty();
        }
        return Optional.ofNullable(current.getCurrent()).map(request -> request.<Deadline>get(KEY));
    }
}
