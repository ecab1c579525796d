package dev.vibrissa.indexer.source;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often full nodes may be asked, for all who ask in this process: they count what comes from our address, not who of
 * us wants it, and whether he has asked before.
 */
public final class RateLimits {
    private final Ticker ticker;
    private final Map<String, RateBucket> buckets = new ConcurrentHashMap<>();

    public RateLimits(Ticker ticker) {
        this.ticker = ticker;
    }

    /** @param manners of the first who asks for an address; those of others there are taken to be the same */
    RateBucket of(URI address, FullNode.Manners manners) {
        String place = "%s:%d".formatted(address.getHost().toLowerCase(Locale.ROOT), FullNodeChannel.port(address));
        return manners.requests()
                .map(requests -> buckets.computeIfAbsent(place, _ -> RateBucket.of(requests, manners.period(), ticker)))
                .orElseGet(RateBucket::unlimited);
    }
}
