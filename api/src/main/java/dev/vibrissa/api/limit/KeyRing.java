package dev.vibrissa.api.limit;

import dev.vibrissa.api.key.ApiKeys;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The keys that count, in memory: so that whoever sends keys that are none, however many, costs no query for each. There
 * are as many as somebody gave out by hand.
 */
@ApplicationScoped
class KeyRing {
    private static final Logger LOG = Logger.getLogger(KeyRing.class);

    /** So long a key that was revoked may still be counted as one; what it opened is closed at once. */
    private static final Duration KNOWN_FOR = Duration.ofSeconds(5);

    /** So often keys are read again at most. Whoever comes with a new one waits for the next reading. */
    private static final Duration BETWEEN_READINGS = Duration.ofMillis(250);

    private final DataSource dataSource;
    private final LongSupplier nanos = System::nanoTime;

    // All below is guarded by this.
    private Map<ApiKeys.Hash, ApiKeys.Holder> holders = Map.of();
    private long readNanos;
    private boolean wasRead;
    private @Nullable CompletableFuture<Map<ApiKeys.Hash, ApiKeys.Holder>> underWay;

    KeyRing(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** No request waits longer for a database that does not answer. */
    private static final Duration MOST_WAITING = Duration.ofMillis(500);

    /**
     * Who holds a key; never fails, and in time. While the database is away or says nothing, who held it when that was
     * last known.
     */
    CompletableFuture<Optional<ApiKeys.Holder>> holder(ApiKeys.Hash hash) {
        return holders(hash).thenApply(known -> Optional.ofNullable(known.get(hash)));
    }

    private synchronized CompletableFuture<Map<ApiKeys.Hash, ApiKeys.Holder>> holders(ApiKeys.Hash hash) {
        long age = nanos.getAsLong() - readNanos;
        if (wasRead && holders.containsKey(hash) && age < KNOWN_FOR.toNanos()) {
            return CompletableFuture.completedFuture(holders);
        }
        var reading = underWay;
        if (reading == null) {
            reading = new CompletableFuture<>();
            underWay = reading;
            var told = reading;
            long pauseNanos = wasRead ? BETWEEN_READINGS.toNanos() - age : 0;
            Thread.ofVirtual().name("key ring").start(() -> told.complete(readAgain(pauseNanos)));
        }
        return reading.copy().completeOnTimeout(holders, MOST_WAITING.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Map<ApiKeys.Hash, ApiKeys.Holder> readAgain(long pauseNanos) {
        LockSupport.parkNanos(pauseNanos);
        Optional<Map<ApiKeys.Hash, ApiKeys.Holder>> read = read();
        synchronized (this) {
            holders = read.orElse(holders);
            wasRead = true;
            readNanos = nanos.getAsLong();
            underWay = null;
            return holders;
        }
    }

    private Optional<Map<ApiKeys.Hash, ApiKeys.Holder>> read() {
        try (var db = dataSource.getConnection()) {
            return Optional.of(ApiKeys.holders(db));
        } catch (SQLException | RuntimeException e) {
            LOG.warnf("keys not read reason=\"%s\"", e.getMessage());
            return Optional.empty();
        }
    }
}
