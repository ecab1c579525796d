package dev.vibrissa.server.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The lines of a log that somebody serves, page after page, from its first entry to where it ends now. */
final class ServedLog {
    private static final int PAGE = 1_000;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private record Page(long from, List<String> lines) {}

    private final URI address;

    /** @param address of the log, such as {@code https://host/v1/log} */
    ServedLog(URI address) {
        this.address = address;
    }

    /** The lines of a log in a file, or where it is served. */
    static Stream<String> linesOf(String fileOrUrl) throws IOException {
        return fileOrUrl.startsWith("http://") || fileOrUrl.startsWith("https://")
                ? new ServedLog(URI.create(fileOrUrl)).lines()
                : Files.lines(Path.of(fileOrUrl));
    }

    /** Asks for a page whenever the one before is read. */
    Stream<String> lines() {
        var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        return Stream.iterate(
                        page(client, 0),
                        each -> !each.lines().isEmpty(),
                        each -> page(client, each.from() + each.lines().size()))
                .flatMap(each -> each.lines().stream());
    }

    private Page page(HttpClient client, long from) {
        var uri = URI.create("%s%sformat=ndjson&limit=%d&from=%d"
                .formatted(address, address.getQuery() == null ? "?" : "&", PAGE, from));
        try {
            var answer =
                    client.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new CommandFailure(
                        ExitCode.UNAVAILABLE, "%s answers %d: %s".formatted(uri, answer.statusCode(), answer.body()));
            }
            return new Page(from, answer.body().lines().toList());
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, "%s does not answer: %s".formatted(uri, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.UNAVAILABLE, "interrupted while %s was read".formatted(address), e);
        }
    }
}
