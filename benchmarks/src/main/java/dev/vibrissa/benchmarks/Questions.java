package dev.vibrissa.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the API for {@code /v1/network} again and again over one connection, and notes when an answer first ends with a newer
 * checkpoint. The answer names the digest that is stored with it, from the snapshot of the database that all answers rest on.
 */
final class Questions implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpRequest request;
    private final ObjectMapper json = new ObjectMapper();
    private final List<Latencies.Answer> answers = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private long askedNanos;
    private long asked;

    Questions(URI api) {
        this.request = HttpRequest.newBuilder(api.resolve("/v1/network"))
                .timeout(DEADLINE)
                .build();
    }

    /**
     * Asks until there is somebody who answers, with something to tell.
     *
     * @throws IOException if the deadline passes first
     */
    void awaitAnswer(Duration deadline) throws IOException, InterruptedException {
        long until = System.nanoTime() + deadline.toNanos();
        while (true) {
            try {
                ask();
                return;
            } catch (IOException e) {
                if (System.nanoTime() - until > 0) {
                    throw new IOException("%s does not answer within %s".formatted(request.uri(), deadline), e);
                }
            }
            Thread.sleep(BETWEEN_TRIES);
        }
    }

    /** Asks once. */
    JsonNode ask() throws IOException, InterruptedException {
        var response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("%s answers %d: %s".formatted(request.uri(), response.statusCode(), response.body()));
        }
        return json.readTree(response.body());
    }

    /**
     * Asks until an answer covers {@code checkpoint()}, which may grow meanwhile.
     *
     * @throws IOException if the deadline passes first
     */
    void askUntil(Goal goal, Arrivals arrivals, Duration pause, Duration deadline)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + deadline.toNanos();
        long newest = answers.isEmpty() ? -1 : answers.getLast().checkpoint();
        while (!goal.isReached(newest)) {
            if (System.nanoTime() - until > 0) {
                throw new IOException("after %s the newest answer is of checkpoint %d, and %d is the newest there is"
                        .formatted(deadline, newest, arrivals.newest()));
            }
            long before = System.nanoTime();
            var asOf = ask().path("asOf");
            long now = System.nanoTime();
            askedNanos += now - before;
            asked++;
            long checkpoint = asOf.path("checkpoint").asLong(-1);
            if (checkpoint > newest) {
                newest = checkpoint;
                answers.add(new Latencies.Answer(now, checkpoint));
                check(asOf, arrivals);
            }
            Thread.sleep(pause);
        }
    }

    /** Whether enough was asked. */
    @FunctionalInterface
    interface Goal {
        boolean isReached(long newestAnswered);
    }

    private void check(JsonNode asOf, Arrivals arrivals) {
        long checkpoint = asOf.path("checkpoint").asLong();
        String verified = asOf.path("verified").asText();
        if (!verified.equals("certificate")) {
            complaints.add("checkpoint %d is verified by '%s'".formatted(checkpoint, verified));
        }
        String digest = asOf.path("digest").asText();
        // One that we have not been sent yet has no digest to compare with.
        arrivals.digest(checkpoint)
                .filter(sent -> !sent.equals(digest))
                .ifPresent(sent -> complaints.add(
                        "checkpoint %d was sent as %s and answered as %s".formatted(checkpoint, sent, digest)));
    }

    List<Latencies.Answer> answers() {
        return List.copyOf(answers);
    }

    /** What was wrong with answers. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** How long an answer took on average. */
    Duration meanDuration() {
        return asked == 0 ? Duration.ZERO : Duration.ofNanos(askedNanos / asked);
    }

    @Override
    public void close() {
        client.close();
    }
}
