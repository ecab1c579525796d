package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.walrus.NetworkKey;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * One question to one node, on a connection of its own.
 *
 * <p>Two threads: a virtual one does the work and blocks wherever the node lets it; the caller's watches the deadlines
 * and the rate, and when one is missed, or the caller is interrupted, closes the socket and leaves at once. So nothing
 * that the node does, and no name look-up that hangs, holds the caller beyond its deadline.
 *
 * <p>A connection is not used twice: bounds and latencies are those of this question alone, and whatever state a
 * hostile node has put into a connection dies with it.
 */
final class Exchange {
    /** Of a head as we take it; nodes send a few hundred bytes. */
    static final int MAX_HEAD_BYTES = 64 << 10;

    /** Of an error's body; nodes send a few hundred bytes, proxies a page. */
    static final int MAX_ERROR_BYTES = 64 << 10;

    /** For the TLS handshake: the JDK takes certificate messages of at most 32 KiB. */
    private static final int HANDSHAKE_BYTES = 64 << 10;

    /** How far reading the connection may be ahead of reading the body: a few frames and records. */
    private static final int AHEAD_BYTES = 256 << 10;

    private static final int MAX_ADDRESSES = 4;
    private static final int FIRST_BUFFER_BYTES = 64 << 10;

    /** How the library says that more came than was announced: in numbers alone, so that no text of a node is this. */
    private static final Pattern LONGER_THAN_ANNOUNCED =
            Pattern.compile("expected (\\d{1,18}) bytes but received (\\d{1,18})");

    /** What came, before anybody looked into it. */
    sealed interface Reply {
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Body(byte[] bytes, Traffic traffic) implements Reply {}

        record Failed(Failure failure, Traffic traffic) implements Reply {}
    }

    private final NodeClientSettings settings;
    private final LookUps lookUps;
    private final NodeAddress node;
    private final Optional<NetworkKey> key;
    private final Question question;
    private final OkHttpClient http;
    private final AtomicLong wireBytes = new AtomicLong();
    private final Thread worker;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All below is guarded by the lock.
    private final long start = System.nanoTime();
    private final List<Socket> sockets = new ArrayList<>();
    private Phase phase = Phase.RESOLVE;
    private boolean over;
    private @Nullable Call call;
    private @Nullable Failure failure;
    private byte @Nullable [] body;
    private @Nullable Error error;
    private long bodyBytes;
    private boolean unwarranted;
    private @Nullable InetSocketAddress address;
    private @Nullable String protocol;
    private @Nullable Integer status;
    private Optional<Duration> retryAfter = Optional.empty();
    private @Nullable Duration connected;
    private @Nullable Duration secured;
    private @Nullable Duration answered;
    private @Nullable Duration ended;

    /** A client that follows nothing, stores nothing, and asks once; timeouts are those of the exchange. */
    static OkHttpClient client() {
        return new OkHttpClient.Builder()
                .proxy(Proxy.NO_PROXY)
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .fastFallback(false)
                .protocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1))
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .build();
    }

    Exchange(
            OkHttpClient client,
            NodeClientSettings settings,
            LookUps lookUps,
            NodeAddress node,
            Optional<NetworkKey> key,
            Question question)
            throws GeneralSecurityException {
        this.settings = settings;
        this.lookUps = lookUps;
        this.node = node;
        this.key = key;
        this.question = question;
        var builder = client.newBuilder()
                // None is kept once it is idle; while one is in use, the pool looks at it each time this is over.
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .socketFactory(new Sockets())
                .eventListener(new Progress())
                .addNetworkInterceptor(chain -> withoutFollowUp(chain.proceed(chain.request())));
        if (key.isPresent()) {
            PinnedTls.pin(builder, key.get());
        }
        this.http = builder.build();
        this.worker = Thread.ofVirtual().name("asks " + node.host()).unstarted(this::work);
    }

    /** Asks, and returns within the deadlines. */
    Reply run() throws InterruptedException {
        worker.start();
        try {
            return watch();
        } finally {
            abandon();
        }
    }

    private Reply watch() throws InterruptedException {
        lock.lock();
        try {
            while (!over) {
                long now = System.nanoTime() - start;
                Optional<Failure> missed = missedAt(now);
                if (missed.isPresent()) {
                    end(orRefusal(missed.get()));
                } else {
                    changed.awaitNanos(nextLookNanos() - now);
                }
            }
            if (error != null) {
                throw error;
            }
            byte[] bytes = body;
            if (bytes != null) { // even if closing took too long
                return new Reply.Body(bytes, traffic());
            }
            return new Reply.Failed(
                    failure == null ? new Failure.OwnFault("no answer and no reason") : failure, traffic());
        } finally {
            lock.unlock();
        }
    }

    /** The first to end the exchange says how. */
    private void end(Failure how) {
        if (!over) {
            over = true;
            failure = how;
            if (ended == null) {
                ended = sinceStart();
            }
            changed.signalAll();
        }
    }

    /**
     * Closes what is open, without the lock, since the library has locks of its own. The raw sockets first: closing TLS
     * in order could wait for the node.
     */
    private void abandon() {
        List<Socket> open;
        Call asked;
        lock.lock();
        try {
            over = true;
            changed.signalAll(); // who keeps pace with a body that nobody reads any more
            open = List.copyOf(sockets);
            asked = call;
        } finally {
            lock.unlock();
        }
        for (Socket each : open) {
            try {
                each.close();
            } catch (IOException _) {
                // It is gone either way.
            }
        }
        if (asked != null) {
            asked.cancel();
        }
        http.connectionPool().evictAll();
    }

    private Optional<Failure> missedAt(long now) {
        Limits limits = settings.limits();
        if (now >= limits.total().toNanos()) {
            return Optional.of(new Failure.TooLate(phase, limits.total()));
        }
        return switch (phase) {
            case RESOLVE, CONNECT, SECURE ->
                now >= limits.connect().toNanos()
                        ? Optional.of(new Failure.TooLate(phase, limits.connect()))
                        : Optional.empty();
            case ANSWER ->
                now >= limits.firstByte().toNanos()
                        ? Optional.of(new Failure.TooLate(phase, limits.firstByte()))
                        : Optional.empty();
            case BODY ->
                now >= tooSlowNanos()
                        ? Optional.of(new Failure.TooSlow(
                                bodyBytes,
                                Duration.ofNanos(now).minus(answeredOrStart()),
                                limits.leastBytesPerSecond()))
                        : Optional.empty();
        };
    }

    private long nextLookNanos() {
        Limits limits = settings.limits();
        long phaseEnds = switch (phase) {
            case RESOLVE, CONNECT, SECURE -> limits.connect().toNanos();
            case ANSWER -> limits.firstByte().toNanos();
            case BODY -> tooSlowNanos();
        };
        return Math.min(phaseEnds, limits.total().toNanos());
    }

    /** When the bytes read so far will have been too few. */
    private long tooSlowNanos() {
        Limits limits = settings.limits();
        if (limits.leastBytesPerSecond() == 0) {
            return Long.MAX_VALUE;
        }
        // Bodies are below 2^31 bytes: below 2^61 as nanoseconds at a byte per second.
        long worthNanos = bodyBytes * 1_000_000_000L / limits.leastBytesPerSecond();
        return answeredOrStart().toNanos() + limits.rateGrace().toNanos() + worthNanos;
    }

    private Duration answeredOrStart() {
        return answered == null ? Duration.ZERO : answered;
    }

    private Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private Traffic traffic() {
        return new Traffic(
                Optional.ofNullable(address),
                key.isPresent() && secured != null,
                Optional.ofNullable(protocol),
                Optional.ofNullable(status),
                Optional.ofNullable(connected),
                Optional.ofNullable(secured),
                Optional.ofNullable(answered),
                ended == null ? sinceStart() : ended,
                wireBytes.get(),
                bodyBytes);
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---------------------------------------------------------------- the working thread

    private void work() {
        try {
            ask(addresses());
        } catch (Stop stop) {
            locked(() -> end(stop.why));
        } catch (RuntimeException | StackOverflowError e) {
            // A fault of ours or of a library: it must not reach further than this answer.
            locked(() -> end(tripped(e)));
        } catch (Error e) {
            locked(() -> {
                error = e;
                end(new Failure.OwnFault(e.toString()));
            });
        }
    }

    /**
     * Once connected, whatever trips us may have been sent to do so: were it ours alone, a node could evade every
     * question.
     */
    private Failure tripped(Throwable e) {
        String cause = Texts.shown("while asking: " + e);
        return switch (phase) {
            case RESOLVE, CONNECT -> new Failure.OwnFault(cause);
            case SECURE, ANSWER, BODY -> orRefusal(new Failure.Garbled(phase, cause));
        };
    }

    /** Leaves the work with its result. */
    private static final class Stop extends Exception {
        private final Failure why;

        Stop(Failure why) {
            super(why.toString(), null, false, false);
            this.why = why;
        }
    }

    private List<InetAddress> addresses() throws Stop {
        boolean literal = node.literal().isPresent();
        List<InetAddress> found;
        try {
            found = literal ? List.of(node.literal().get()) : lookUp();
        } catch (UnknownHostException e) {
            throw new Stop(new Failure.NameUnknown(node.host(), Texts.shown(String.valueOf(e.getMessage()))));
        }
        var fit = new ArrayList<InetAddress>();
        Optional<Failure> refused = Optional.empty();
        for (InetAddress each : found) {
            Optional<String> range = settings.addresses().refusalOf(each);
            if (range.isEmpty()) {
                fit.add(each);
            } else if (refused.isEmpty()) {
                refused = Optional.of(new Failure.AddressRefused(node.host(), each, range.get(), literal));
            }
        }
        if (fit.isEmpty()) {
            throw new Stop(refused.orElse(new Failure.NameUnknown(node.host(), "no addresses")));
        }
        return fit.subList(0, Math.min(MAX_ADDRESSES, fit.size()));
    }

    private List<InetAddress> lookUp() throws UnknownHostException, Stop {
        Duration deadline = settings.limits().connect();
        Duration patience = deadline.dividedBy(2); // a lack of room is ours, which the deadline would not say
        try {
            return lookUps.of(node.host(), patience)
                    .orElseThrow(() -> new Stop(new Failure.Crowded("%d look-ups".formatted(LookUps.MOST), patience)))
                    .get(deadline.minus(sinceStart()).toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException unknown) {
                throw unknown;
            }
            throw new Stop(new Failure.OwnFault(
                    Texts.shown("the look-up of %s failed: %s".formatted(node.host(), e.getCause()))));
        } catch (TimeoutException _) {
            throw new Stop(new Failure.TooLate(Phase.RESOLVE, deadline));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Stop(new Failure.OwnFault("interrupted"));
        }
    }

    private void ask(List<InetAddress> addresses) throws Stop {
        for (int i = 0; ; i++) {
            InetAddress target = addresses.get(i);
            Call attempt = http.newBuilder()
                    .connectTimeout(shareOfTime(addresses.size() - i))
                    .dns(_ -> List.of(target))
                    .build()
                    .newCall(request());
            locked(() -> {
                call = attempt;
                phase = Phase.CONNECT;
                address = new InetSocketAddress(target, node.port());
                if (over) {
                    attempt.cancel();
                }
            });
            try (Response answer = attempt.execute()) {
                take(answer);
            } catch (IOException e) {
                if (currentPhase() != Phase.CONNECT || i + 1 == addresses.size() || isOver()) {
                    throw new Stop(orRefusal(failureOf(e)));
                }
                continue;
            }
            // Only now, when the connection has been closed in order.
            locked(() -> over = true);
            return;
        }
    }

    /**
     * For the next address, lest one that is silent keep us from its neighbour. The last has all that is left: zero,
     * which sets no time, since the deadline of the whole ends it then, and is what was missed.
     */
    private Duration shareOfTime(int addressesLeft) {
        if (addressesLeft == 1) {
            return Duration.ZERO;
        }
        Duration share = settings.limits().connect().minus(sinceStart()).dividedBy(addressesLeft);
        Duration least = Duration.ofMillis(1);
        return share.compareTo(least) < 0 ? least : share;
    }

    private Request request() {
        var url = new HttpUrl.Builder()
                .scheme("https")
                .host(node.host())
                .port(node.port())
                .addPathSegments(question.path());
        question.query().forEach(each -> url.addQueryParameter(each.getKey(), each.getValue()));
        return new Request.Builder()
                .url(url.build())
                .header("User-Agent", settings.userAgent())
                .header("Accept", question.form().mediaType())
                // Said aloud, since the library would otherwise offer gzip and expand what comes.
                .header("Accept-Encoding", "identity")
                .build();
    }

    /**
     * Notes the status, and hides it from the library where that would act on it: it asks again after 408, 421 and 503,
     * and throws at 407.
     */
    private Response withoutFollowUp(Response answer) {
        locked(() -> {
            status = answer.code();
            retryAfter = RetryAfter.parse(answer.header("Retry-After"), settings.clock());
        });
        return answer.code() == 200 ? answer : answer.newBuilder().code(500).build();
    }

    private void take(Response answer) throws Stop, IOException {
        long head = answer.headers().byteCount();
        if (head > MAX_HEAD_BYTES) {
            throw new Stop(new Failure.TooLarge(Failure.Part.HEAD, MAX_HEAD_BYTES, head));
        }
        int code = currentStatus();
        ResponseBody content = answer.body();
        if (code != 200) {
            Optional<NodeError> explained = Optional.empty();
            String encoding = answer.header("Content-Encoding");
            if (encoding == null || isIdentity(encoding)) {
                explained = NodeJson.error(upTo(content, MAX_ERROR_BYTES, FIRST_BUFFER_BYTES));
            }
            Optional<NodeError> found = explained;
            String location = answer.header("Location");
            throw new Stop(refusal(code, found, location == null ? "" : location));
        }
        checkForm(answer, content);
        byte[] bytes = exactly(answer, content);
        locked(() -> {
            if (!over) {
                body = bytes;
                ended = sinceStart();
            }
        });
    }

    /** That the node refused is known, even if it then holds back the body that explains it. */
    private Failure orRefusal(Failure otherwise) {
        int code = currentStatus();
        return code == 0 || code == 200 ? otherwise : refusal(code, Optional.empty(), "");
    }

    private Failure refusal(int code, Optional<NodeError> explained, String location) {
        return code >= 300 && code <= 399
                ? new Failure.Redirected(code, Texts.shown(location))
                : new Failure.Refused(Refusal.of(code, explained), code, explained, retryAfter);
    }

    private void checkForm(Response answer, ResponseBody content) throws Stop {
        String encoding = answer.header("Content-Encoding");
        if (encoding != null && !isIdentity(encoding)) {
            throw new Stop(new Failure.WrongForm("content encoding " + Texts.shown(encoding)));
        }
        var type = content.contentType();
        String said = answer.header("Content-Type");
        if (said != null
                && (type == null || !mediaType(type).equals(question.form().mediaType()))) {
            throw new Stop(new Failure.WrongForm("content type " + Texts.shown(said)));
        }
    }

    private static boolean isIdentity(String encoding) {
        return encoding.isBlank() || encoding.trim().equalsIgnoreCase("identity");
    }

    private static String mediaType(MediaType type) {
        return (type.type() + "/" + type.subtype()).toLowerCase(Locale.ROOT);
    }

    /** The body, of the length that is due. */
    private byte[] exactly(Response answer, ResponseBody content) throws Stop, IOException {
        int limit = question.bodyBytes();
        long announced = content.contentLength(); // -1: not said
        if (announced > limit) {
            throw new Stop(new Failure.TooLarge(Failure.Part.BODY, limit, announced));
        }
        if (question.exact() && announced >= 0 && announced < limit) {
            throw new Stop(new Failure.WrongLength(limit, announced));
        }
        // Exactly as long from the start if it has to be, lest growing takes twice the room that was charged.
        byte[] bytes = upTo(content, limit, question.exact() ? limit : FIRST_BUFFER_BYTES);
        if (bytes.length == limit && content.source().read(new byte[1]) > 0) {
            throw new Stop(new Failure.TooLarge(Failure.Part.BODY, limit, limit + 1L));
        }
        if (announced >= 0 && bytes.length < announced) { // HTTP/2 does not compare them
            throw new Stop(new Failure.Cut(Phase.BODY, "%d of %d bytes".formatted(bytes.length, announced)));
        }
        if (question.exact() && bytes.length < limit) {
            boolean endsWithConnection =
                    answer.protocol() != Protocol.HTTP_2 && announced < 0 && answer.header("Transfer-Encoding") == null;
            throw new Stop(
                    endsWithConnection
                            ? new Failure.Cut(Phase.BODY, "%d of %d bytes".formatted(bytes.length, limit))
                            : new Failure.WrongLength(limit, bytes.length));
        }
        return bytes;
    }

    /** The first {@code most} bytes of the body, or all; from {@code atFirst} on, memory grows with what has come. */
    private byte[] upTo(ResponseBody content, int most, int atFirst) throws IOException {
        BufferedSource source = content.source();
        byte[] buffer = new byte[Math.min(most, atFirst)];
        int size = 0;
        while (size < most) {
            if (size == buffer.length) {
                buffer = Arrays.copyOf(buffer, (int) Math.min(most, buffer.length * 2L));
            }
            int read = source.read(buffer, size, buffer.length - size);
            if (read < 0) {
                break;
            }
            size += read;
            int soFar = size;
            locked(() -> bodyBytes = soFar);
        }
        return size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
    }

    private Phase currentPhase() {
        lock.lock();
        try {
            return phase;
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    private int currentStatus() {
        lock.lock();
        try {
            return status == null ? 0 : status;
        } finally {
            lock.unlock();
        }
    }

    private long bytesAllowed() {
        // A quarter more for records and frames: honest ones add a hundredth.
        return HANDSHAKE_BYTES + MAX_HEAD_BYTES + Math.max(MAX_ERROR_BYTES, question.bodyBytes() * 5L / 4);
    }

    /**
     * How much of the connection the body read so far warrants. Without this a node could send tens of megabytes of tiny
     * frames in place of a large sliver, and the library queues a reply to each.
     */
    private long bytesWarranted() {
        return HANDSHAKE_BYTES + MAX_HEAD_BYTES + MAX_ERROR_BYTES + AHEAD_BYTES + bodyBytes * 5 / 4;
    }

    /**
     * Holds the library's reader of frames until the body has caught up. It has a thread of its own, so who reads the
     * body goes on meanwhile, with all that was read for it; if none was, a deadline ends it. In HTTP/1.1 the worker
     * itself reads the connection, and waiting for itself would be of no use.
     */
    private void keepPace() throws IOException {
        lock.lock();
        try {
            while (!over && wireBytes.get() > bytesWarranted()) {
                if (Thread.currentThread().equals(worker)) {
                    unwarranted = true;
                    throw new GuardedSocket.TooMuchException(bytesWarranted());
                }
                changed.await();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            lock.unlock();
        }
    }

    private Optional<Failure> tooMuchOnTheWire() {
        lock.lock();
        try {
            long limit = unwarranted ? bytesWarranted() : bytesAllowed();
            return unwarranted || wireBytes.get() > limit
                    ? Optional.of(new Failure.TooLarge(Failure.Part.CONNECTION, limit, wireBytes.get()))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    // ---------------------------------------------------------------- what an exception means

    private Failure failureOf(IOException e) {
        Optional<Failure> tooMuch = tooMuchOnTheWire();
        if (tooMuch.isPresent()) { // whatever the library made of the socket that closed itself
            return tooMuch.get();
        }
        Phase at = currentPhase();
        for (Throwable each = e; each != null; each = each.getCause()) {
            switch (each) {
                case PinnedTls.WrongKeyException wrong -> {
                    return wrong.failure();
                }
                case GuardedSocket.RefusedException refused -> {
                    return new Failure.AddressRefused(
                            node.host(),
                            refused.address(),
                            refused.range(),
                            node.literal().isPresent());
                }
                default -> {}
            }
        }
        String cause = Texts.shown(e.getClass().getSimpleName() + ": " + e.getMessage());
        return switch (at) {
            case RESOLVE, CONNECT -> notConnected(e, at, cause);
            case SECURE -> notSecured(e, cause);
            case ANSWER, BODY -> broken(e, at, cause);
        };
    }

    private Failure notConnected(IOException e, Phase at, String cause) {
        // What the system said, without the library's words around it: those hold the host name, which the node chose.
        String said = String.valueOf(rootOf(e).getMessage());
        return switch (e) {
            case NoRouteToHostException _ -> new Failure.Unreachable(Failure.Obstacle.NO_ROUTE, cause);
            // Of one that is not the last, when the time for all of them has passed meanwhile.
            case SocketTimeoutException _ ->
                new Failure.TooLate(at, settings.limits().connect());
            case InterruptedIOException _ -> new Failure.OwnFault(cause);
            // Only here, where nothing has been read: later on, texts of exceptions may quote the node.
            case SocketException _ when said.contains("Too many open files") -> new Failure.OwnFault(cause);
            case ConnectException _, SocketException _ ->
                said.contains("unreachable")
                        ? new Failure.Unreachable(Failure.Obstacle.NO_LOCAL_ROUTE, cause)
                        : new Failure.Unreachable(Failure.Obstacle.REFUSED, cause);
            default -> new Failure.OwnFault(cause);
        };
    }

    private static Failure notSecured(IOException e, String cause) {
        // The JDK wraps an end of the connection as a fault of the handshake.
        boolean ended = hasCause(e, EOFException.class) || hasCause(e, SocketException.class);
        return e instanceof SSLException && !ended
                ? new Failure.NotAuthenticated(cause)
                : new Failure.Cut(Phase.SECURE, cause);
    }

    private Failure broken(IOException e, Phase at, String cause) {
        // The library has a bound of 256 KiB of its own, and calls it an end of file in HTTP/1.1.
        // Its texts count from their beginning only: further on they may quote the node.
        String said = String.valueOf(e.getMessage());
        boolean headWithoutEnd = wireBytes.get() > MAX_HEAD_BYTES && hasCause(e, EOFException.class)
                || said.startsWith("header byte count limit");
        if (at == Phase.ANSWER && headWithoutEnd) {
            return new Failure.TooLarge(Failure.Part.HEAD, MAX_HEAD_BYTES, wireBytes.get());
        }
        Matcher longer = LONGER_THAN_ANNOUNCED.matcher(said);
        if (longer.matches()) {
            return new Failure.TooLarge(
                    Failure.Part.BODY, Long.parseLong(longer.group(1)), Long.parseLong(longer.group(2)));
        }
        return switch (e) {
            case ProtocolException _ when said.equals("unexpected end of stream") -> new Failure.Cut(at, cause);
            case ProtocolException _, SSLException _ -> new Failure.Garbled(at, cause);
            default -> new Failure.Cut(at, cause);
        };
    }

    private static Throwable rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
        for (Throwable each = e; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return true;
            }
        }
        return false;
    }

    // ---------------------------------------------------------------- hooks into the library

    /** Sockets that ask the policy, count, and are ours to close. */
    private final class Sockets extends SocketFactory {
        @Override
        public Socket createSocket() throws IOException {
            var socket = new GuardedSocket(settings.addresses(), bytesAllowed(), wireBytes, Exchange.this::keepPace);
            lock.lock();
            try {
                if (over) {
                    throw new SocketException("the exchange is over");
                }
                sockets.add(socket);
            } finally {
                lock.unlock();
            }
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            throw new SocketException("unbound sockets only");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            throw new SocketException("unbound sockets only");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            throw new SocketException("unbound sockets only");
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            throw new SocketException("unbound sockets only");
        }
    }

    /** Notes how far the exchange has come. */
    private final class Progress extends EventListener {
        @Override
        public void secureConnectStart(Call call) {
            locked(() -> {
                connected = sinceStart();
                phase = Phase.SECURE;
            });
        }

        @Override
        public void secureConnectEnd(Call call, @Nullable Handshake handshake) {
            locked(() -> secured = sinceStart());
        }

        @Override
        public void connectEnd(Call call, InetSocketAddress to, Proxy proxy, @Nullable Protocol negotiated) {
            locked(() -> {
                phase = Phase.ANSWER;
                protocol = negotiated == null ? null : negotiated.toString();
            });
        }

        @Override
        public void responseHeadersEnd(Call call, Response response) {
            locked(() -> {
                answered = sinceStart();
                phase = Phase.BODY;
            });
        }
    }
}
