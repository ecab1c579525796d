package dev.vibrissa.dashboards;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * About when epochs to come begin, by the clock of the running one. Nobody knows better: somebody has to call for each, so every
 * date says that it is an estimate.
 */
final class EpochDates {
    private static final Duration LONG = Duration.ofDays(1);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("d MMM HH:mm 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("MMM uu", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final Answer parameters;

    /** @param parameters the answer of the API that has the clock; none: no date is known */
    EpochDates(Answer parameters) {
        this.parameters = parameters;
    }

    private boolean isKnown() {
        return parameters.has("clock.durationMillis") && parameters.has("asOf.timestamp");
    }

    private Duration epoch() {
        return Duration.ofMillis(parameters.whole("clock.durationMillis"));
    }

    /** While shards move the next epoch is a whole one away, or more. */
    private Instant begins(long epoch) {
        long running = parameters.whole("clock.epoch");
        Instant next = parameters.has("clock.epochEnds")
                ? Instant.parse(parameters.text("clock.epochEnds"))
                : Instant.parse(parameters.text("asOf.timestamp")).plus(epoch());
        return next.plus(epoch().multipliedBy(epoch - running - 1));
    }

    /** When an epoch after the running one begins: {@code about 30 Nov 2027}; empty where that is not known. */
    String about(long epoch) {
        return isKnown() && epoch > parameters.whole("clock.epoch")
                ? "about " + (epoch().compareTo(LONG) < 0 ? MINUTE : DAY).format(begins(epoch))
                : "";
    }

    /** When the epoch begins that a field of an answer names; empty where that is not known, or was. */
    Optional<Instant> begins(Answer answer, String field) {
        return isKnown() && answer.whole(field) > parameters.whole("clock.epoch")
                ? Optional.of(begins(answer.whole(field)))
                : Optional.empty();
    }

    /** The month of an epoch, past ones reckoned by the length of the running one; empty where that is not known. */
    String month(long epoch) {
        return isKnown() && epoch().compareTo(LONG) >= 0 ? MONTH.format(begins(epoch)) : "";
    }
}
