package dev.vibrissa.dashboards;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.QueryFailedException;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** How every page asks the API, and leaves. */
@ApplicationScoped
public class Pages {
    /** What is on chain is anybody's: nothing runs or loads that is not ours, whatever a template might let through. */
    private static final String CONTENT_SECURITY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

    private static final int LONG_LISTS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final LongLists longLists = new LongLists(LONG_LISTS, PATIENCE);
    private final ObjectMapper json;
    private final UriInfo uri;
    private final Template nothing;

    Pages(ObjectMapper json, UriInfo uri, Template nothing) {
        this.json = json;
        this.uri = uri;
        this.nothing = nothing;
    }

    /** The frame of a page that can be asked about any moment. */
    Frame frame(String here, Answer... basis) {
        return new Frame(here, "", View.of(uri), true, Arrays.asList(basis));
    }

    /** The frame of a page that is about now, or always the same. */
    Frame frameOfNow(String here, Answer... basis) {
        return new Frame(here, "", View.of(uri), false, Arrays.asList(basis));
    }

    /** The frame of what was searched for. */
    Frame frameOfSearch(String query, Answer... basis) {
        return new Frame("", query, View.of(uri), false, Arrays.asList(basis));
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
        } catch (QueryFailedException fault) {
            if (!fault.tookTooLong()) {
                throw fault;
            }
            return Answer.none("It was given up: %s.".formatted(fault.limits()));
        }
    }

    /**
     * A list as a whole, for what is counted or drawn, if it is bounded by committees or the like. What grows with the chain is
     * asked for by one page.
     *
     * @param question by cursor; null for the first page
     */
    Answer whole(Function<@Nullable String, RestResponse<?>> question) {
        return longLists.whole(cursor -> part(() -> question.apply(cursor)));
    }

    /** Shows a page, or the problem that there was in making it. */
    RestResponse<String> show(String here, Supplier<TemplateInstance> page) {
        var view = View.of(uri);
        if (!view.minimal()) {
            // A form sends its empty fields too; cursors are good for one address, and people pass addresses on.
            return RestResponse.seeOther(URI.create(view.shortest()));
        }
        try {
            return html(200, longLists.during(() -> page.get().render()));
        } catch (ProblemException problem) {
            return nothing(here, "", problem);
        }
    }

    RestResponse<String> nothing(String here, String query, ProblemException problem) {
        return html(
                problem.status(),
                nothing.data("frame", new Frame(here, query, View.of(uri), false, List.of()))
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

    /** The moment that a page was asked about, as the API takes it; null for now. */
    static @Nullable String moment(@Nullable String at) {
        return at == null ? null : given(View.moment(at));
    }
}
