package dev.vibrissa.devnet;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** Times as people write them: {@code 250ms}, {@code 90s}, {@code 3m}, {@code 1h30m}, {@code 14d}. */
public final class DurationText {
    private static final Pattern PART = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern WHOLE = Pattern.compile("(" + PART.pattern() + ")+");

    private DurationText() {}

    /**
     * @throws IllegalArgumentException if it is none
     */
    public static Duration parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!WHOLE.matcher(lower).matches()) {
            throw new IllegalArgumentException("'%s' is no time such as 90s, 3m or 1h30m".formatted(text));
        }
        return PART.matcher(lower)
                .results()
                .map(part -> {
                    long count = Long.parseLong(part.group(1));
                    return switch (part.group(2)) {
                        case "ms" -> Duration.ofMillis(count);
                        case "s" -> Duration.ofSeconds(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    };
                })
                .reduce(Duration.ZERO, Duration::plus);
    }
}
