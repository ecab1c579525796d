package dev.vibrissa.dashboards;

import dev.vibrissa.api.search.SearchResource;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateExtension;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What is known by a text: one thing is opened, several are told apart. */
@Path("/search")
@RunOnVirtualThread
@Produces(MediaType.TEXT_HTML)
public class SearchPage {
    private final Pages pages;
    private final SearchResource searches;
    private final Template search;

    SearchPage(Pages pages, SearchResource searches, Template search) {
        this.pages = pages;
        this.searches = searches;
        this.search = search;
    }

    @GET
    @Operation(hidden = true)
    public RestResponse<String> search(@RestQuery @Nullable String q) {
        String query = Optional.ofNullable(q).orElse("");
        var only = new String[1];
        var page = pages.show("", () -> {
            var answer = pages.answer(searches.search(query, null));
            var items = answer.list("items");
            if (items.size() == 1) {
                only[0] = page(items.getFirst());
            }
            return search.data("frame", pages.frameOfSearch(query, answer)).data("answer", answer);
        });
        return only[0] == null ? page : RestResponse.seeOther(URI.create(only[0]));
    }

    /** The page about what the API answers under a link. */
    @TemplateExtension
    static String page(Answer match) {
        return match.text("link").substring("/v1".length());
    }
}
