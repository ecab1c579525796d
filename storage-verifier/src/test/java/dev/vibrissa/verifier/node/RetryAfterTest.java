package dev.vibrissa.verifier.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T08:00:00Z"), ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | PT0S",
                "120 | PT2M",
                "86401 | PT24H",
                "99999999999999999999999 | PT24H",
                "Sat, 21 Nov 2026 08:01:00 GMT | PT1M",
                "Sat, 21 Nov 2026 07:00:00 GMT | PT0S",
                "Sat, 21 Nov 2099 08:01:00 GMT | PT24H",
            })
    void isSecondsOrADateAndAtMostADay(String header, Duration wait) {
        assertThat(RetryAfter.parse(header, CLOCK)).contains(wait);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "-1", "soon", "1.5", "٣", "Sat, 99 Nov 2026 08:01:00 GMT"})
    void isNothingIfItCannotBeRead(String header) {
        assertThat(RetryAfter.parse(header, CLOCK)).isEmpty();
    }
}
