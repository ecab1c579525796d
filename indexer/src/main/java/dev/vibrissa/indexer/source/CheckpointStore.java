package dev.vibrissa.indexer.source;

import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.CheckpointFormatException;
import dev.vibrissa.protocol.sui.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A checkpoint store over HTTP: {@code GET {base}/{sequence}.binpb.zst}, and {@code epochs.json}, whose entry <i>i</i> is
 * the last checkpoint of Sui epoch <i>i</i>.
 *
 * @see "sui-indexer-alt-framework, ingestion over a remote store"
 */
public final class CheckpointStore implements Endpoint {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration HEADERS_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration BODY_TIMEOUT = Duration.ofMinutes(2);
    /** Mainnet checkpoints have about 60 kB compressed; the cap only has to stop a hostile server. */
    private static final int MAX_BODY_BYTES = 128 << 20;

    private static final int FIRST_BUFFER_BYTES = 64 << 10;
    private static final long UNKNOWN = -1;
    private final URI base;
    private final Duration bodyTimeout;
    private final HttpClient http;
    private final ScheduledExecutorService guards = guards();
    private final EpochEnds epochs;

    /** @param base address of the store, with or without a slash at its end */
    public CheckpointStore(URI base) {
        this(base, BODY_TIMEOUT, Ticker.SYSTEM);
    }

    CheckpointStore(URI base, Duration bodyTimeout, Ticker ticker) {
        String text = base.toString();
        this.base = URI.create(text.endsWith("/") ? text : text + "/");
        this.bodyTimeout = bodyTimeout;
        this.epochs = new EpochEnds(this::readEpochs, ticker);
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
    public Answer ask(long sequenceNumber, Room room) throws InterruptedException {
        return switch (get(sequenceNumber + ".binpb.zst", room, MAX_BODY_BYTES)) {
            case Body.Of(URI address, byte[] bytes) ->
                new Answer.Found(new RawCheckpoint(sequenceNumber, address.toString(), location(), bytes));
            case Body.None _ -> new Answer.NotYet(Optional.empty());
            case Body.Transient(String fault) -> new Answer.Unavailable(fault);
            case Body.Permanent(String fault) -> new Answer.Refused(fault);
        };
    }

    private sealed interface Body {
        record Of(URI address, byte[] bytes) implements Body {}

        record None() implements Body {}

        record Transient(String fault) implements Body {}

        record Permanent(String fault) implements Body {}
    }

    private Body get(String name, Room room, int mostBytes) throws InterruptedException {
        URI address = base.resolve(name);
        var request = HttpRequest.newBuilder(address)
                .timeout(HEADERS_TIMEOUT)
                .header("User-Agent", "vibrissa")
                .build();
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                int status = response.statusCode();
                if (status == 404) {
                    return new Body.None();
                }
                if (status == 200) {
                    long length = response.headers()
                            .firstValueAsLong("Content-Length")
                            .orElse(UNKNOWN);
                    return new Body.Of(address, read(body, length, room, mostBytes));
                }
                return status == 408 || status == 429 || status >= 500
                        ? new Body.Transient("status " + status)
                        : new Body.Permanent("%s answered %d".formatted(address, status));
            }
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(e.toString());
            }
            // Of a host that cannot be found the client says no more than the name of the exception.
            return new Body.Transient(
                    e instanceof ConnectException
                            ? "no connection to %s%s".formatted(address.getRawAuthority(), because(e))
                            : e.toString());
        }
    }

    private static String because(IOException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return " (" + cause + ")";
    }

    @Override
    public Tip tip() throws InterruptedException {
        return epochs.tip();
    }

    @Override
    public Optional<Long> lastCheckpointOf(long suiEpoch) throws InterruptedException {
        return epochs.lastCheckpointOf(suiEpoch);
    }

    private EpochEnds.Read readEpochs() throws InterruptedException {
        return switch (get("epochs.json", Room.UNBOUNDED, EpochEnds.MAX_BYTES)) {
            case Body.Of(URI address, byte[] bytes) -> EpochEnds.parse(address.toString(), bytes);
            case Body.None _ -> new EpochEnds.Read.Ends(List.of());
            case Body.Transient(String fault) -> new EpochEnds.Read.Unavailable(fault);
            case Body.Permanent(String fault) -> new EpochEnds.Read.Refused(fault);
        };
    }

    @Override
    public Optional<CertifiedSummary> summary(long sequenceNumber) throws InterruptedException {
        if (!(ask(sequenceNumber, Room.UNBOUNDED) instanceof Answer.Found(RawCheckpoint raw))) {
            return Optional.empty();
        }
        try {
            return Optional.of(CertifiedSummary.of(CheckpointFile.read(raw.bytes(), raw.name())));
        } catch (CheckpointFormatException | BcsException _) { // the next place may have a better one
            return Optional.empty();
        }
    }

    @Override
    public Optional<CertifiedSummary> summary(Digest digest) {
        return Optional.empty();
    }

    /** Room is taken for the buffer before there is one; while there is none, the connection holds the store back. */
    private byte[] read(InputStream in, long length, Room room, int mostBytes)
            throws IOException, InterruptedException {
        if (length > mostBytes) {
            throw new IOException("a body of %d bytes; we read up to %d".formatted(length, mostBytes));
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
                body = larger(body, room, mostBytes);
            }
        }
        return body;
    }

    private static byte[] larger(byte[] full, Room room, int mostBytes) throws IOException, InterruptedException {
        if (full.length == mostBytes) {
            throw new IOException("a body of more than %d bytes".formatted(mostBytes));
        }
        int capacity = Math.min(2 * full.length, mostBytes);
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

    /** A store says nothing about it. */
    @Override
    public Optional<Digest> chain() {
        return Optional.empty();
    }

    @Override
    public void close() {
        guards.shutdownNow();
        http.shutdownNow();
        http.close();
    }
}
