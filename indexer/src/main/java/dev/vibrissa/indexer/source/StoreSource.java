package dev.vibrissa.indexer.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * A checkpoint store over HTTP: {@code GET {base}/{sequence}.binpb.zst}.
 *
 * <p>A 404 means not produced yet: it ends a bounded reading, and a followed store is asked again. 408, 429 and 5xx,
 * broken connections and short bodies are asked again with growing pauses, for ever, as the store promises to have
 * them. Anything else is permanent.
 *
 * @see "sui-indexer-alt-framework, ingestion over a remote store"
 */
public final class StoreSource implements CheckpointSource {
    private static final Logger LOG = Logger.getLogger(StoreSource.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration HEADERS_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration BODY_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    /** Mainnet checkpoints have about 60 kB compressed; the cap only has to stop a hostile server. */
    private static final int MAX_BODY_BYTES = 128 << 20;

    private static final int FIRST_BUFFER_BYTES = 64 << 10;
    private static final int MAX_DAMAGED = 5;
    private static final long UNKNOWN = -1;

    private final URI base;
    private final long first;
    private final Optional<Long> last;
    private final AtTip atTip;
    private final Duration bodyTimeout;
    private final HttpClient http;
    private final ScheduledExecutorService guards = guards();

    /** What to do where the store has no more checkpoints. */
    public enum AtTip {
        END,
        WAIT
    }

    /**
     * @param base address of the store, with or without a slash at its end
     * @param first checkpoint to begin with
     * @param last checkpoint to end with, inclusive; empty: until the store has no more, or for ever
     */
    public StoreSource(URI base, long first, Optional<Long> last, AtTip atTip) {
        this(base, first, last, atTip, BODY_TIMEOUT);
    }

    StoreSource(URI base, long first, Optional<Long> last, AtTip atTip, Duration bodyTimeout) {
        String text = base.toString();
        this.base = URI.create(text.endsWith("/") ? text : text + "/");
        this.first = first;
        this.last = last;
        this.atTip = atTip;
        this.bodyTimeout = bodyTimeout;
        this.http = HttpClient.newBuilder()
                // A connection for each body: in HTTP/2 bodies held back would use up the window of the next in order.
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    private static ScheduledExecutorService guards() {
        var guards = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("store-timeouts").daemon().factory());
        guards.setRemoveOnCancelPolicy(true); // nearly all are cancelled, microseconds after they were set
        return guards;
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
    public boolean isFollowed() {
        return atTip == AtTip.WAIT;
    }

    /** Bytes can suffer on their way. A store that keeps sending the same bad ones ends a bounded reading. */
    @Override
    public Optional<Duration> pauseAfterDamage(int attempt) {
        return attempt < MAX_DAMAGED || isFollowed() ? Optional.of(pause(attempt)) : Optional.empty();
    }

    @Override
    public Optional<RawCheckpoint> fetch(long sequenceNumber, Room room) throws InterruptedException {
        URI address = base.resolve(sequenceNumber + ".binpb.zst");
        var request = HttpRequest.newBuilder(address)
                .timeout(HEADERS_TIMEOUT)
                .header("User-Agent", "vibrissa")
                .build();
        for (int attempt = 1; ; attempt++) {
            String transientFault;
            try {
                var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
                try (InputStream body = response.body()) {
                    int status = response.statusCode();
                    if (status == 404) {
                        return Optional.empty();
                    }
                    if (status == 200) {
                        long length = response.headers()
                                .firstValueAsLong("Content-Length")
                                .orElse(UNKNOWN);
                        return Optional.of(
                                new RawCheckpoint(sequenceNumber, address.toString(), read(body, length, room)));
                    }
                    if (status != 408 && status != 429 && status < 500) {
                        throw new SourceException("%s answered %d".formatted(address, status));
                    }
                    transientFault = "status " + status;
                }
            } catch (IOException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException(e.toString());
                }
                transientFault = e.toString();
            }
            room.giveBack();
            Duration pause = pause(attempt);
            LOG.warnf(
                    "source=%s fault=\"%s\" attempt=%d pauseMillis=%d",
                    address, transientFault, attempt, pause.toMillis());
            Thread.sleep(pause);
        }
    }

    /** Doubles with each attempt up to the longest; a quarter by chance, so that many do not ask again at once. */
    private static Duration pause(int attempt) {
        long millis = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempt - 1, 20));
        return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 4 + 1));
    }

    /** Room is taken for the buffer before there is one; while there is none, the connection holds the store back. */
    private byte[] read(InputStream in, long length, Room room) throws IOException, InterruptedException {
        if (length > MAX_BODY_BYTES) {
            throw new IOException("a body of %d bytes; we read up to %d".formatted(length, MAX_BODY_BYTES));
        }
        room.take(length == UNKNOWN ? FIRST_BUFFER_BYTES : (int) length);
        byte[] body = new byte[length == UNKNOWN ? FIRST_BUFFER_BYTES : (int) length];
        int size = 0;
        long nanosLeft = bodyTimeout.toNanos(); // of waiting for bytes; waiting for room is not the store's fault
        while (size < body.length) {
            long asked = System.nanoTime();
            int read = readWithin(nanosLeft, in, body, size);
            nanosLeft -= System.nanoTime() - asked;
            if (read < 0) {
                return Arrays.copyOf(body, size);
            }
            size += read;
            if (size == body.length && length == UNKNOWN) {
                body = larger(body, room);
            }
        }
        return body;
    }

    private static byte[] larger(byte[] full, Room room) throws IOException, InterruptedException {
        if (full.length == MAX_BODY_BYTES) {
            throw new IOException("a body of more than %d bytes".formatted(MAX_BODY_BYTES));
        }
        int capacity = Math.min(2 * full.length, MAX_BODY_BYTES);
        room.take(capacity - full.length);
        return Arrays.copyOf(full, capacity);
    }

    /** The request's own timeout ends with the headers: this one covers a body that drips or stalls. */
    private int readWithin(long nanos, InputStream in, byte[] buffer, int offset) throws IOException {
        var late = new AtomicBoolean();
        var guard = guards.schedule(
                () -> {
                    late.set(true);
                    in.close();
                    return 0;
                },
                nanos,
                TimeUnit.NANOSECONDS);
        try {
            int read = in.read(buffer, offset, buffer.length - offset);
            if (read < 0 && late.get()) {
                throw new IOException("closed");
            }
            return read;
        } catch (IOException e) {
            throw late.get() ? new IOException("no whole body within " + bodyTimeout, e) : e;
        } finally {
            guard.cancel(false);
        }
    }

    @Override
    public void close() {
        guards.shutdownNow();
        http.shutdownNow();
        http.close();
    }
}
