package dev.vibrissa.server.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The API as any stranger sees it. */
final class ApiClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int MOST_PAGES = 100_000;

    /** An answer other than 200. */
    static final class RefusedException extends RuntimeException {
        RefusedException(String message) {
            super(message);
        }
    }

    private final URI base;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    ApiClient(URI base) {
        this.base = base;
    }

    /** The answer to a GET that must succeed. */
    JsonNode get(String path) {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .build();
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new RefusedException(
                        "%s answered %d: %s".formatted(path, response.statusCode(), response.body()));
            }
            return json.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking " + path, e);
        }
    }

    /** All items of a list, page after page. */
    List<JsonNode> list(String path) {
        var items = new ArrayList<JsonNode>();
        String separator = path.contains("?") ? "&" : "?";
        String next = path + separator + "limit=1000";
        for (int page = 0; page < MOST_PAGES; page++) {
            var answer = get(next);
            answer.path("items").forEach(items::add);
            var cursor = answer.path("next");
            if (cursor.isMissingNode() || cursor.isNull()) {
                return items;
            }
            next = path + separator + "limit=1000&cursor=" + URLEncoder.encode(cursor.asText(), StandardCharsets.UTF_8);
        }
        throw new IllegalStateException("%s has more than %d pages".formatted(path, MOST_PAGES));
    }

    @Override
    public void close() {
        http.close();
    }
}
