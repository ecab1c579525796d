package dev.vibrissa.verifier.node;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The header {@code Retry-After}: seconds, or a date. */
final class RetryAfter {
    /** More is as good as never, and a number that a node chose must not overflow anything. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private RetryAfter() {}

    /** How long to wait, at most a day; empty if the header is missing or says nothing that can be read. */
    static Optional<Duration> parse(@Nullable String header, Clock clock) {
        if (header == null || header.isBlank() || header.length() > 40) {
            return Optional.empty();
        }
        String text = header.trim();
        if (text.chars().allMatch(each -> each >= '0' && each <= '9')) {
            return Optional.of(text.length() > 9 ? LONGEST : bounded(Duration.ofSeconds(Long.parseLong(text))));
        }
        try {
            Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(bounded(Duration.between(clock.instant(), then)));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
