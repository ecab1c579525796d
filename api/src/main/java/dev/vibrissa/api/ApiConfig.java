package dev.vibrissa.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How the API answers. */
@ConfigMapping(prefix = "vibrissa.api")
public interface ApiConfig {
    /** Longest time a request may take; then the answer is a 504 problem. Whoever asks may want it sooner. */
    @WithDefault("15s")
    Duration deadline();

    /** Longest time one SQL statement may take; then, too. */
    @WithDefault("10s")
    Duration statementTimeout();

    /** Pages of which origins may read answers, such as https://example.org, with commas between; * means all. */
    @WithDefault("*")
    List<String> origins();

    /** A file of lines {@code nodeId = organisation}: who operates which storage node. */
    Optional<Path> organisations();

    /** How long it is kept where a node's host name leads, for {@code /v1/concentration}; 0: names are not resolved. */
    @WithDefault("6h")
    Duration resolveHostsEvery();

    /** A file, or a URL, with the price of WAL by day, as {@code dev.vibrissa.api.quote.TokenPrices} reads it. */
    Optional<String> tokenPrices();

    /** Gauges of audits are read from the database no more often than that: they count rows. */
    @WithDefault("30s")
    Duration auditMetricsEvery();

    /** Who may listen to {@code /v1/stream} at a time. */
    @WithDefault("500")
    int streamListeners();

    /** Whether webhooks may be {@code http://}: where deliveries to this machine are allowed, for tests. */
    @WithDefault("false")
    boolean webhookPlainHttp();

    /** Who sends it as {@code Authorization: Bearer} may declare maintenance of any node; without it nobody may unsigned. */
    Optional<String> adminToken();
}
