package dev.vibrissa.api.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/**
 * A bucket of tokens for each client: full at first, filled again evenly, one token a request.
 *
 * <p>Buckets of {@value #MOST_CLIENTS} clients are kept, 30 MB at most. Who comes when there are more takes the place
 * of somebody who asks rarely, and finds a full bucket: many addresses get more than one, as they do anyway.
 */
@ApplicationScoped
class Quotas {
    static final Duration WINDOW = Duration.ofMinutes(1);

    private static final long MOST_CLIENTS = 50_000;
    private static final long NANOS = Duration.ofSeconds(1).toNanos();

    private final LimitConfig config;
    private final Cache<Client, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MOST_CLIENTS)
            .expireAfterAccess(WINDOW) // full again by then
            .build();

    Quotas(LimitConfig config) {
        this.config = config;
    }

    /**
     * What is left to a client after a request.
     *
     * @param policy name of what it is held to
     * @param quota requests a minute
     * @param remaining requests that may come at once now
     * @param resetSeconds until all of the quota is there again
     * @param retrySeconds until one more request may come; 0: this one was let in
     */
    record Standing(String policy, int quota, long remaining, long resetSeconds, long retrySeconds) {
        boolean isExhausted() {
            return retrySeconds > 0;
        }

        /** The header {@code RateLimit-Policy} of draft-ietf-httpapi-ratelimit-headers. */
        String policyHeader() {
            return "\"%s\";q=%d;w=%d".formatted(policy, quota, WINDOW.toSeconds());
        }

        /** The header {@code RateLimit} of the same. */
        String header() {
            return "\"%s\";r=%d;t=%d".formatted(policy, remaining, resetSeconds);
        }
    }

    /** Counts a request; empty: nothing is counted of this client. */
    Optional<Standing> spend(Client client) {
        int quota = switch (client) {
            case Client.Exempt _ -> 0;
            case Client.Anonymous _ -> config.anonymousPerMinute();
            case Client.Keyed _ -> config.keyPerMinute();
        };
        if (quota == 0) {
            return Optional.empty();
        }
        var spent = buckets.get(client, _ -> full(quota)).tryConsumeAndReturnRemaining(1);
        return Optional.of(new Standing(
                client instanceof Client.Keyed ? "key" : "anonymous",
                quota,
                spent.getRemainingTokens(),
                seconds(spent.getNanosToWaitForReset()),
                spent.isConsumed() ? 0 : Math.max(1, seconds(spent.getNanosToWaitForRefill()))));
    }

    private static Bucket full(int quota) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(quota).refillGreedy(quota, WINDOW))
                .withNanosecondPrecision()
                .build();
    }

    private static long seconds(long nanos) {
        return Math.ceilDiv(nanos, NANOS);
    }
}
