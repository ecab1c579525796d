package dev.vibrissa.api.quote;

import dev.vibrissa.api.ApiConfig;
import dev.vibrissa.protocol.walrus.stake.Yield;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The series of token prices that this server was given, if any. Read once, at the start. */
@Singleton
@Startup
public class Quotes {
    /** A century of days is a tenth of it. */
    static final int MAX_BYTES = 4 << 20;

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Optional<TokenPrices> series;

    Quotes(ApiConfig config) {
        this.series = config.tokenPrices().map(location -> read(location, DEADLINE));
    }

    public Optional<TokenPrices> series() {
        return series;
    }

    /**
     * Amounts as they were worth at a moment.
     *
     * @param frost by name of their field; null ones are left out
     */
    public @Nullable Quoted at(@Nullable Instant moment, Map<String, ? extends @Nullable String> frost) {
        if (moment == null || series.isEmpty()) {
            return null;
        }
        var quote = series.get().at(moment);
        if (quote.isEmpty()) {
            return null;
        }
        var amounts = new LinkedHashMap<String, String>();
        frost.forEach((name, amount) -> {
            if (amount != null) {
                amounts.put(name, Quoted.text(quote.get().value(new BigDecimal(amount))));
            }
        });
        return Quoted.of(series.get(), quote.get(), amounts);
    }

    /** A yield for those who count in the currency, where both of its ends have a quote. */
    public @Nullable QuotedYield yield(Instant from, Instant to, Yield yield) {
        return series.flatMap(prices -> prices.at(from)
                        .flatMap(begin -> prices.at(to).map(end -> QuotedYield.of(prices, begin, end, yield))))
                .orElse(null);
    }

    /**
     * Reads a series.
     *
     * @param location a URL with http or https, or else a file
     * @throws IllegalArgumentException naming the file, or the URL without what may be secret in it
     */
    static TokenPrices read(String location, Duration deadline) {
        if (location.startsWith("http://") || location.startsWith("https://")) {
            var uri = URI.create(location);
            String name = uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                    + uri.getPath();
            return TokenPrices.parse(name, fetch(uri, name, deadline));
        }
        var file = Path.of(location);
        String name = String.valueOf(file.getFileName());
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "the token prices %s are more than %d bytes".formatted(name, MAX_BYTES));
            }
            return TokenPrices.parse(name, bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("the token prices %s cannot be read (%s)"
                    .formatted(location, e.getClass().getSimpleName()));
        }
    }

    /** The deadline holds for all of it: a body that drips does not keep the server from starting or failing. */
    private static byte[] fetch(URI uri, String name, Duration deadline) {
        try (var client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            var answer = client.sendAsync(
                    HttpRequest.newBuilder(uri).header("Accept", "text/csv").build(),
                    BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
            try {
                var response = answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
                if (response.statusCode() != 200) {
                    throw unreachable(name, "status " + response.statusCode());
                }
                return response.body();
            } catch (TimeoutException _) {
                throw unreachable(name, "nothing complete within %d ms".formatted(deadline.toMillis()));
            } catch (ExecutionException e) {
                throw unreachable(name, String.valueOf(e.getCause()));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw unreachable(name, "interrupted");
            } finally {
                client.shutdownNow();
            }
        }
    }

    private static IllegalArgumentException unreachable(String name, String why) {
        return new IllegalArgumentException("the token prices %s cannot be fetched: %s".formatted(name, why));
    }
}
