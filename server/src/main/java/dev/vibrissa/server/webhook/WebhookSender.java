package dev.vibrissa.server.webhook;

import dev.vibrissa.changes.webhook.Deliveries;
import dev.vibrissa.changes.webhook.Deliveries.Due;
import dev.vibrissa.changes.webhook.Webhook;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.Turn;
import dev.vibrissa.verifier.node.AddressPolicy;
import dev.vibrissa.verifier.node.Texts;
import dev.vibrissa.verifier.node.VettedSockets;
import java.io.IOException;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jboss.logging.Logger;

/**
 * Makes deliveries from what is new, and sends those that are due: one process at a time.
 *
 * <p>Each webhook has a lane of its own, webhooks of one key have a few, and whoever failed pauses: so who stalls keeps
 * nobody else waiting. What was sent and not written down
 * before a crash is sent again, under the same id.
 */
public final class WebhookSender {
    private static final Logger LOG = Logger.getLogger(WebhookSender.class);

    /** "vibrissa" in ASCII, as the indexer's locks, and then some. */
    private static final long LOCK = 0x7669627269737361L + 101;

    private static final MediaType JSON = MediaType.get("application/json");

    /** Receivers say OK in a few hundred bytes; a handshake takes some thousand. */
    private static final long MOST_READ_BYTES = 128 << 10;

    private static final int LANES = 16;

    /** One key may have more webhooks than there are lanes. */
    private static final int LANES_OF_ONE_KEY = LANES / 4;

    private static final int GONE = 410;

    /** For a webhook of which something was sent and could not be written down: it is due as before. */
    private static final Duration UNWRITTEN_PAUSE = Duration.ofSeconds(30);

    /** Pauses grow fourfold. */
    private static final int GROWTH = 4;

    private final Database database;
    private final Settings settings;
    private final OkHttpClient http;
    private final Clock clock;
    private final RandomGenerator random;
    private final Semaphore lanes = new Semaphore(LANES);
    private final Set<Deliveries.Waiting> busy = ConcurrentHashMap.newKeySet();
    /** By webhook, until when it is left alone. */
    private final Map<String, Instant> unwritten = new ConcurrentHashMap<>();

    /**
     * How often and how long.
     *
     * @param firstPause after the first failure; the next ones are longer and longer
     * @param mostPause none is longer, but for up to a fifth by which each is shortened or lengthened
     * @param attempts after so many a delivery is dead
     * @param deadline of one attempt, name look-up and all
     * @param addresses where deliveries may go to
     * @param kept deliveries that are over are forgotten after so long
     */
    public record Settings(
            Duration firstPause,
            Duration mostPause,
            int attempts,
            Duration deadline,
            AddressPolicy addresses,
            Duration kept) {
        /** Nine attempts in about two days. */
        public static Settings of(AddressPolicy addresses) {
            return new Settings(
                    Duration.ofSeconds(5),
                    Duration.ofHours(12),
                    9,
                    Duration.ofSeconds(10),
                    addresses,
                    Duration.ofDays(30));
        }
    }

    /** What a receiver made of a delivery. */
    private sealed interface Outcome {
        record Taken(String said) implements Outcome {}

        record Failed(String said) implements Outcome {}

        /** It wants no more of this. */
        record Refused(String said) implements Outcome {}
    }

    public WebhookSender(Database database, Settings settings, Clock clock, RandomGenerator random) {
        this.database = database;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.http = new OkHttpClient.Builder()
                .proxy(Proxy.NO_PROXY)
                .socketFactory(new VettedSockets(settings.addresses(), MOST_READ_BYTES))
                // None is kept once it is idle; while one is in use, the pool looks at it each time this is over.
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .protocols(List.of(Protocol.HTTP_1_1))
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .callTimeout(settings.deadline())
                .build();
    }

    /**
     * The turn of this process, as long as it is open.
     *
     * <p>For one thread, but for the lanes that it starts, and waits for when it is closed.
     */
    public final class Sending implements AutoCloseable {
        private final Turn turn;
        private final Connection session;
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private Instant forgotten = Instant.EPOCH;

        private Sending(Turn turn, Connection session) {
            this.turn = turn;
            this.session = session;
        }

        /**
         * Looks once at what is new and due, and has it sent.
         *
         * @return whether there was anything to do
         */
        public boolean step() throws SQLException {
            boolean more = Deliveries.make(session);
            Instant now = clock.instant();
            unwritten.values().removeIf(until -> !until.isAfter(now));
            for (Deliveries.Waiting webhook : Deliveries.due(session)) {
                if (busy.contains(webhook)
                        || unwritten.containsKey(webhook.webhookId())
                        || lanesOf(webhook.keyId()) >= LANES_OF_ONE_KEY
                        || !lanes.tryAcquire()) {
                    continue;
                }
                busy.add(webhook);
                more = true;
                threads.execute(() -> {
                    try {
                        sendDue(turn, webhook.webhookId());
                    } finally {
                        busy.remove(webhook);
                        lanes.release();
                    }
                });
            }
            if (forgotten.plus(Duration.ofMinutes(10)).isBefore(now)) {
                Deliveries.forget(session, settings.kept());
                forgotten = now;
            }
            return more;
        }

        private long lanesOf(String key) {
            return busy.stream().filter(each -> each.keyId().equals(key)).count();
        }

        /** Ends with what is on its way, each at its deadline. */
        @Override
        public void close() throws SQLException {
            try (turn;
                    session) {
                threads.close();
            }
        }
    }

    /** Empty if another process has the turn. */
    public Optional<Sending> take() throws SQLException {
        Optional<Turn> taken = Turn.tryTake(database, LOCK);
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        Turn turn = taken.get();
        boolean begun = false;
        try {
            var sending = new Sending(turn, turn.connect());
            begun = true;
            return Optional.of(sending);
        } finally {
            if (!begun) {
                turn.close();
            }
        }
    }

    private void sendDue(Turn turn, String webhook) {
        try (Connection db = turn.connect()) {
            Deliveries.tried(db, webhook);
            boolean answers = false;
            for (Due due : Deliveries.due(db, webhook)) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                switch (send(due)) {
                    case Outcome.Taken(String said) -> Deliveries.delivered(db, due, said);
                    case Outcome.Refused(String said) -> Deliveries.failed(db, due, said, Optional.empty());
                    case Outcome.Failed(String said) -> {
                        int attempts = due.attempts() + 1;
                        Deliveries.failed(
                                db,
                                due,
                                said,
                                attempts < settings.attempts() ? Optional.of(after(attempts)) : Optional.empty());
                        int failures = answers ? 1 : due.failures() + 1;
                        // The others would find it no better.
                        Deliveries.pause(db, webhook, new Webhook.Pause(after(failures), failures, said));
                        return;
                    }
                }
                if (!answers && due.failures() > 0) {
                    Deliveries.resume(db, webhook);
                }
                answers = true;
            }
        } catch (SQLException e) { // what was sent meanwhile is sent again
            unwritten.put(webhook, clock.instant().plus(UNWRITTEN_PAUSE));
            LOG.warnf("webhook not written down webhook=%s reason=\"%s\"", webhook, e.getMessage());
        }
    }

    /** When the next attempt may be made, after so many that failed. */
    private Instant after(int attempts) {
        double grown = settings.firstPause().toMillis() * Math.pow(GROWTH, attempts - 1);
        double pause = Math.min(grown, settings.mostPause().toMillis());
        // Many that failed together must not come back together.
        return clock.instant().plusMillis((long) (pause * random.nextDouble(0.8, 1.2)));
    }

    private Outcome send(Due due) {
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        try {
            var request = new Request.Builder()
                    .url(due.url())
                    .header("User-Agent", "vibrissa-webhooks/1")
                    .header("webhook-id", due.id())
                    .header("webhook-timestamp", timestamp)
                    .header("webhook-signature", signatures(due, timestamp))
                    .post(RequestBody.create(due.body().getBytes(StandardCharsets.UTF_8), JSON))
                    .build();
            // The body is not read: it could say nothing that matters.
            try (Response answer = http.newCall(request).execute()) {
                String said = "status " + answer.code();
                if (answer.isSuccessful()) {
                    return new Outcome.Taken(said);
                }
                return answer.code() == GONE ? new Outcome.Refused(said) : new Outcome.Failed(said);
            }
        } catch (IOException | RuntimeException e) { // an address that is none among them
            // The message may quote what the receiver sent.
            return new Outcome.Failed(
                    Texts.shown(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
        }
    }

    /** As standardwebhooks.com has it: one for each secret, with a space between. */
    private static String signatures(Due due, String timestamp) {
        byte[] signed = "%s.%s.%s".formatted(due.id(), timestamp, due.body()).getBytes(StandardCharsets.UTF_8);
        return due.secrets().stream()
                .map(secret -> "v1," + Base64.getEncoder().encodeToString(hmac(secret, signed)))
                .collect(Collectors.joining(" "));
    }

    private static byte[] hmac(byte[] secret, byte[] message) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) { // every JVM has it
            throw new IllegalStateException(e);
        }
    }
}
