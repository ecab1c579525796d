package dev.vibrissa.api.limit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.util.List;

/** How much a client may ask of one process. */
@ConfigMapping(prefix = "vibrissa.api.limit")
public interface LimitConfig {
    /** Requests a minute of an address without a key; as many may come at once. 0: no limit. */
    @WithDefault("600")
    @Min(0)
    int anonymousPerMinute();

    /** Requests a minute of a key, from wherever they come; as many may come at once. 0: no limit. */
    @WithDefault("6000")
    @Min(0)
    int keyPerMinute();

    /**
     * Requests of an address without a key that are answered at a time, of the connections to the database that all
     * have together: however much one of them costs, others are answered.
     */
    @WithDefault("12")
    @Min(1)
    int anonymousAtOnce();

    /** Requests of a key that are answered at a time. */
    @WithDefault("24")
    @Min(1)
    int keyAtOnce();

    /** Streams that an address without a key may listen to at a time. */
    @WithDefault("20")
    @Min(0)
    int anonymousStreams();

    /** Streams that a key may listen to at a time. */
    @WithDefault("200")
    @Min(0)
    int keyStreams();

    /** Addresses without limits, such as 10.0.0.0/8. Without it: this machine. */
    @WithDefault("127.0.0.0/8,::1/128")
    List<String> exempt();

    /** Proxies whose word in X-Forwarded-For counts, such as 10.1.2.3/32. Without it: those on this machine. */
    @WithDefault("127.0.0.0/8,::1/128")
    List<String> trustedProxies();
}
