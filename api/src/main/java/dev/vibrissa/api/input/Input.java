package dev.vibrissa.api.input;

import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads parameters; every method refuses what it cannot read with a 400 problem that names the field. */
public final class Input {
    private static final long MAX_EPOCH = 0xffff_ffffL;
    private static final Instant FIRST_INSTANT = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST_INSTANT = Instant.parse("9999-12-31T00:00:00Z");
    private static final BigInteger MAX_U64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private Input() {}

    /** A blob id in any notation: URL-safe base64, hex or decimal. */
    public static BlobId blobId(String field, String text) {
        return parse(field, text, BlobId::parse);
    }

    public static SuiAddress address(String field, String text) {
        return parse(field, text, SuiAddress::parse);
    }

    public static Digest digest(String field, String text) {
        return parse(field, text, Digest::parse);
    }

    public static long checkpoint(String field, String text) {
        return whole(field, text, 0, Long.MAX_VALUE);
    }

    public static long epoch(String field, String text) {
        return whole(field, text, 0, MAX_EPOCH);
    }

    public static long whole(String field, String text, long min, long max) {
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // refused below
        }
        throw ProblemException.badInput(
                field,
                "%s is a whole number from %d to %d, not '%s'"
                        .formatted(field, min, max, ProblemException.shortened(text)));
    }

    /** An unsigned 64-bit number of bytes or FROST. */
    public static BigDecimal amount(String field, String text) {
        try {
            var number = new BigInteger(text);
            if (number.signum() >= 0 && number.compareTo(MAX_U64) <= 0) {
                return new BigDecimal(number);
            }
        } catch (NumberFormatException _) {
            // refused below
        }
        throw ProblemException.badInput(
                field,
                "%s is a whole number from 0 to %s, not '%s'"
                        .formatted(field, MAX_U64, ProblemException.shortened(text)));
    }

    /** A decimal number of any size, as keys of lists are. */
    public static BigDecimal signed(String field, String text) {
        try {
            return new BigDecimal(new BigInteger(text));
        } catch (NumberFormatException e) {
            throw ProblemException.badInput(field, field + " is the field next of the page before, unchanged");
        }
    }

    /** A moment as ISO 8601 writes it in UTC, of the years that four digits can tell. */
    public static Instant instant(String field, String text) {
        try {
            var instant = Instant.parse(text);
            if (!instant.isBefore(FIRST_INSTANT) && instant.isBefore(LAST_INSTANT)) {
                return instant;
            }
        } catch (DateTimeParseException _) {
            // refused below
        }
        throw ProblemException.badInput(
                field,
                "%s is a time like 2026-06-15T10:30:00Z, not '%s'".formatted(field, ProblemException.shortened(text)));
    }

    public static boolean bool(String field, String text) {
        return oneOf(field, text, List.of("true", "false")).equals("true");
    }

    public static String oneOf(String field, String text, List<String> words) {
        if (words.contains(text)) {
            return text;
        }
        throw ProblemException.badInput(
                field,
                "%s is one of %s, not '%s'"
                        .formatted(field, String.join(", ", words), ProblemException.shortened(text)));
    }

    /** A parameter that may be absent. */
    public static <T> Optional<T> optional(@Nullable String text, Function<String, T> reader) {
        return Optional.ofNullable(text).map(reader);
    }

    private static <T> T parse(String field, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badInput(
                    field, field + ": " + ProblemException.shortened(String.valueOf(e.getMessage())));
        }
    }
}
