package dev.vibrissa.api.input;

import dev.vibrissa.api.problem.ProblemException;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses query parameters that a resource does not know: a misspelt filter would otherwise answer too much. */
class KnownParameters {
    private static final String API = "dev.vibrissa.api.";

    private final ConcurrentHashMap<Method, Set<String>> known = new ConcurrentHashMap<>();

    @ServerRequestFilter
    void check(ContainerRequestContext request, ResourceInfo resource) {
        Method method = resource.getResourceMethod();
        if (method == null || !method.getDeclaringClass().getName().startsWith(API)) {
            return; // pages have manners of their own
        }
        var query = request.getUriInfo().getQueryParameters();
        if (query.isEmpty()) {
            return;
        }
        var names = known.computeIfAbsent(method, KnownParameters::namesOf);
        query.forEach((name, values) -> {
            if (!names.contains(name)) {
                throw ProblemException.badInput(
                        name,
                        "'%s' is no parameter of this resource, which knows %s"
                                .formatted(
                                        ProblemException.shortened(name),
                                        names.isEmpty() ? "none" : String.join(", ", names)));
            }
            if (values.size() > 1) {
                throw ProblemException.badInput(name, "%s is given %d times".formatted(name, values.size()));
            }
        });
    }

    private static Set<String> namesOf(Method method) {
        var names = new TreeSet<String>();
        for (var parameter : method.getParameters()) {
            if (parameter.isAnnotationPresent(RestQuery.class)) {
                names.add(parameter.getName());
            }
        }
        Produces produces = method.getAnnotation(Produces.class);
        if (produces != null && produces.value().length > 1) { // a choice
            names.add("format");
        }
        return names;
    }
}
