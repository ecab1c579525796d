package dev.vibrissa.api.quote;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The price of one WAL in a currency, by day.
 *
 * <p>Read from CSV in UTF-8. The first line is {@code date,price} or {@code date,price,currency}; each other line a day
 * in UTC as {@code 2026-08-01}, a decimal number greater than zero without exponent (at most 18 digits on either side of
 * the point), and a currency, 3 to 10 capital letters or digits, the same in all lines; USD without that column. Days
 * come in any order, each at most once; empty lines and spaces around values do not count, quotation marks are not
 * understood.
 */
public final class TokenPrices {
    /** A quote stands for days without one, such as those of a week-end, but no longer. */
    static final int DAYS_VALID = 7;

    private static final int FROST_DECIMALS = 9;
    private static final String DEFAULT_CURRENCY = "USD";
    private static final Pattern PRICE = Pattern.compile("[0-9]{1,18}([.][0-9]{1,18})?");
    private static final Pattern CURRENCY = Pattern.compile("[A-Z0-9]{3,10}");

    private final String source;
    private final String sha256;
    private final String currency;
    private final NavigableMap<LocalDate, BigDecimal> byDay;

    private TokenPrices(String source, String sha256, String currency, NavigableMap<LocalDate, BigDecimal> byDay) {
        this.source = source;
        this.sha256 = sha256;
        this.currency = currency;
        this.byDay = byDay;
    }

    /**
     * A quote.
     *
     * @param date the day it is of
     * @param price of one WAL
     */
    public record Quote(LocalDate date, BigDecimal price) {
        /** FROST in the currency, exactly. */
        public BigDecimal value(BigDecimal frost) {
            return frost.movePointLeft(FROST_DECIMALS).multiply(price);
        }
    }

    /**
     * @param source what answers call it
     * @throws IllegalArgumentException naming the source and the line that cannot be read
     */
    static TokenPrices parse(String source, byte[] csv) {
        List<String> lines = text(source, csv).lines().toList();
        boolean withCurrency =
                switch (lines.isEmpty() ? "" : lines.getFirst().replace(" ", "").toLowerCase()) {
                    case "date,price" -> false;
                    case "date,price,currency" -> true;
                    default -> throw fault(source, 1, "the head is not 'date,price' or 'date,price,currency'");
                };
        var byDay = new TreeMap<LocalDate, BigDecimal>();
        Optional<String> currency = Optional.empty();
        for (int number = 2; number <= lines.size(); number++) {
            String line = lines.get(number - 1);
            if (line.isBlank()) {
                continue;
            }
            String[] cells = line.split(",", -1);
            if (cells.length != (withCurrency ? 3 : 2)) {
                throw fault(source, number, "%d values, not %d".formatted(cells.length, withCurrency ? 3 : 2));
            }
            var date = date(source, number, cells[0].strip());
            if (byDay.put(date, price(source, number, cells[1].strip())) != null) {
                throw fault(source, number, date + " for the second time");
            }
            String each = withCurrency ? cells[2].strip() : DEFAULT_CURRENCY;
            if (!CURRENCY.matcher(each).matches()) {
                throw fault(source, number, "'%s' is no currency".formatted(each));
            }
            if (currency.isPresent() && !currency.get().equals(each)) {
                throw fault(source, number, "the currency is %s, but %s before".formatted(each, currency.get()));
            }
            currency = Optional.of(each);
        }
        return new TokenPrices(
                source,
                sha256(csv),
                currency.orElseThrow(() -> fault(source, lines.size(), "there is no price")),
                byDay);
    }

    private static String text(String source, byte[] csv) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(csv))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text; // as spreadsheets write it
        } catch (CharacterCodingException _) {
            throw new IllegalArgumentException("the token prices %s are not UTF-8".formatted(source));
        }
    }

    private static LocalDate date(String source, int line, String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException _) {
            throw fault(source, line, "'%s' is no date like 2026-08-01".formatted(text));
        }
    }

    private static BigDecimal price(String source, int line, String text) {
        if (!PRICE.matcher(text).matches() || new BigDecimal(text).signum() == 0) {
            throw fault(source, line, "'%s' is no price greater than zero".formatted(text));
        }
        return new BigDecimal(text);
    }

    private static IllegalArgumentException fault(String source, int line, String what) {
        return new IllegalArgumentException("the token prices %s, line %d: %s".formatted(source, line, what));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** The quote for a moment: of its day in UTC or, where there is none, of the last day before, if not too long ago. */
    public Optional<Quote> at(Instant moment) {
        return on(moment.atOffset(ZoneOffset.UTC).toLocalDate());
    }

    /** The quote for a day. */
    public Optional<Quote> on(LocalDate day) {
        return Optional.ofNullable(byDay.floorEntry(day))
                .filter(entry -> !entry.getKey().isBefore(day.minusDays(DAYS_VALID)))
                .map(entry -> new Quote(entry.getKey(), entry.getValue()));
    }

    /** File name or URL. */
    public String source() {
        return source;
    }

    /** Of the CSV, in hex. */
    public String sha256() {
        return sha256;
    }

    public String currency() {
        return currency;
    }
}
