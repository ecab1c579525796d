package dev.vibrissa.api.time;

import dev.vibrissa.api.problem.ProblemException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Which state is asked for. */
public sealed interface At {
    /** The newest we have. */
    record Now() implements At {}

    /** The end of a Walrus epoch: after the last checkpoint before the next one starts; now if it is still running. */
    record Epoch(long epoch) implements At {}

    /** After all transactions of a checkpoint. */
    record Checkpoint(long sequenceNumber) implements At {}

    /** After the last checkpoint whose timestamp is not later. */
    record Time(Instant instant) implements At {}

    /**
     * Reads the parameter {@code at}.
     *
     * @throws ProblemException 400 naming the field, if it is none of the three forms
     */
    static At parse(@Nullable String text) {
        if (text == null) {
            return new Now();
        }
        int colon = text.indexOf(':');
        String value = text.substring(colon + 1);
        try {
            return switch (colon < 0 ? "" : text.substring(0, colon)) {
                case "epoch" -> new Epoch(number(value, 0xffff_ffffL));
                case "checkpoint" -> new Checkpoint(number(value, Long.MAX_VALUE));
                // In a query string a bare plus means a space: accept what a person typed as "+02:00".
                case "time" ->
                    new Time(OffsetDateTime.parse(value.replace(' ', '+')).toInstant());
                default -> throw malformed(text);
            };
        } catch (NumberFormatException | DateTimeParseException e) {
            throw malformed(text);
        }
    }

    private static long number(String text, long max) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new NumberFormatException();
        }
        long number = Long.parseLong(text);
        if (number > max) {
            throw new NumberFormatException();
        }
        return number;
    }

    private static ProblemException malformed(String text) {
        return ProblemException.badInput(
                "at",
                "at is epoch:41, checkpoint:238627324 or time:2026-01-26T10:00:00Z, not '%s'"
                        .formatted(ProblemException.shortened(text)));
    }
}
