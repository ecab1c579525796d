package dev.vibrissa.indexer.source;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * A checkpoint store over HTTP: {@code GET {base}/{sequence}.binpb.zst}.
 *
 * <p>A 404 means not produced yet, and ends a bounded reading; 408, 429 and 5xx, broken connections and short bodies
 * are asked again with growing pauses, for ever, as the store promises to have them. Anything else is permanent.
 *
 * @see "sui-indexer-alt-framework, ingestion over a remote store"
 */
public final class StoreSource implements CheckpointSource {
    private static final Logger LOG = Logger.getLogger(StoreSource.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration HEADERS_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    /** Mainnet checkpoints have about 60 kB compressed; the cap only has to stop a hostile server. */
    private static final int MAX_BODY_BYTES = 128 << 20;

    private final URI base;
    private final long first;
    private final Optional<Long> last;
    private final HttpClient http;

    /**
     * @param base address of the store, with or without a slash at its end
     * @param first checkpoint to begin with
     * @param last checkpoint to end with, inclusive; empty: until the store has no more
     */
    public StoreSource(URI base, long first, Optional<Long> last) {
        String text = base.toString();
        this.base = URI.create(text.endsWith("/") ? text : text + "/");
        this.first = first;
        this.last = last;
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public String kind() {
        return "store";
    }

    @Override
    public String location() {
        return base.toString();
    }

    @Override
    public long first() {
        return first;
    }

    @Override
    public Optional<Long> last() {
        return last;
    }

    @Override
    public Optional<RawCheckpoint> fetch(long sequenceNumber) throws InterruptedException {
        URI address = base.resolve(sequenceNumber + ".binpb.zst");
        var request = HttpRequest.newBuilder(address)
                .timeout(HEADERS_TIMEOUT)
                .header("User-Agent", "vibrissa")
                .build();
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            String transientFault;
            try {
                // The request's own timeout ends with the headers: this one covers a body that drips or stalls.
                HttpResponse<byte[]> response = answer(request);
                int status = response.statusCode();
                if (status == 404) {
                    return Optional.empty();
                }
                if (status == 200) {
                    return Optional.of(new RawCheckpoint(sequenceNumber, address.toString(), response.body()));
                }
                if (status != 408 && status != 429 && status < 500) {
                    throw new SourceException("%s answered %d".formatted(address, status));
                }
                transientFault = "status " + status;
            } catch (IOException e) {
                transientFault = e.toString();
            }
            LOG.warnf(
                    "source=%s fault=\"%s\" attempt=%d pauseMillis=%d",
                    address, transientFault, attempt, pause.toMillis());
            Thread.sleep(pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 4 + 1)));
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private HttpResponse<byte[]> answer(HttpRequest request) throws IOException, InterruptedException {
        var body = HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_BODY_BYTES);
        var answer = http.sendAsync(request, body);
        try {
            return answer.get(ANSWER_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException fault ? fault : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + ANSWER_TIMEOUT, e);
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
