package dev.vibrissa.dashboards;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.api.problem.ProblemException;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** How every page asks the API, and leaves. */
@ApplicationScoped
public class Pages {
    /** What is on chain is anybody's: nothing runs or loads that is not ours, whatever a template might let through. */
    private static final String CONTENT_SECURITY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

    private final ObjectMapper json;
    private final Template nothing;

    Pages(ObjectMapper json, Template nothing) {
        this.json = json;
        this.nothing = nothing;
    }

    /** An answer without which there is no page: its problem becomes the page. */
    Answer answer(RestResponse<?> response) {
        return new Answer(json.valueToTree(response.getEntity()));
    }

    /** An answer that fills a part of a page: its problem is shown in that part alone. */
    Answer part(Supplier<RestResponse<?>> question) {
        try {
            return answer(question.get());
        } catch (ProblemException problem) {
            return Answer.none(String.valueOf(problem.getMessage()));
        }
    }

    /** Shows a page, or the problem that there was in making it. */
    RestResponse<String> show(String here, Supplier<TemplateInstance> page) {
        try {
            return html(200, page.get().render());
        } catch (ProblemException problem) {
            return nothing(here, "", problem);
        }
    }

    RestResponse<String> nothing(String here, String query, ProblemException problem) {
        return html(
                problem.status(),
                nothing.data("frame", new Frame(here, query, List.of()))
                        .data("reason", String.valueOf(problem.getMessage()))
                        .render());
    }

    private static RestResponse<String> html(int status, String html) {
        return RestResponse.ResponseBuilder.<String>create(status)
                .entity(html)
                .header("Cache-Control", "no-cache")
                .header("Content-Security-Policy", CONTENT_SECURITY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .build();
    }

    /** A field of a form that was left empty counts as none. */
    static @Nullable String given(@Nullable String field) {
        return field == null || field.isBlank() ? null : field.strip();
    }
}
