package dev.vibrissa.api.deadline;

import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.regex.Pattern;

/** Answers that go on until somebody hangs up. */
public final class Streams {
    private static final Set<String> PATHS = Set.of("/v1/stream", "/live");

    /** What the router does not look at: parameters of a segment, and slashes at the end. */
    private static final Pattern PASSED_OVER = Pattern.compile(";[^/]*|/+(?=/|;|$)");

    private Streams() {}

    public static boolean isStream(RoutingContext request) {
        return PATHS.contains(PASSED_OVER.matcher(request.normalizedPath()).replaceAll(""));
    }
}
