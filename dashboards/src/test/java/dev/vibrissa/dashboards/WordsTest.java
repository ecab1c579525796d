package dev.vibrissa.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How numbers and texts of strangers look. */
class WordsTest {
    @Test
    void namesThatTurnOrHideWhatFollowsAreShownAsWhatTheyAre() {
        assertThat(Words.shown("a\u202egpj.exe")).isEqualTo("a⟨U+202E⟩gpj.exe");
        assertThat(Words.shown("a\u0000b\u200bc")).isEqualTo("a⟨U+0000⟩b⟨U+200B⟩c");
        assertThat(Words.shown("Skerry 🦭")).isEqualTo("Skerry 🦭");
    }

    @Test
    void longNamesEnd() {
        assertThat(Words.shown("x".repeat(10_000))).hasSize(201).endsWith("…");
    }

    @ParameterizedTest
    @CsvSource({"0.99999, 99.99 %", "1, 100.00 %", "0.6596, 65.96 %", "0, 0.00 %"})
    void ratesAreRoundedDown(double share, String words) {
        assertThat(Words.ratio(share)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 FROST",
        "99999, 99\u202f999 FROST",
        "25018700000, 25.0187 WAL",
        "1234567000000000, 1\u202f234\u202f567.0000 WAL"
    })
    void amountsKeepWhatTheyAreWorth(String frost, String words) {
        assertThat(Words.wal4(frost)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "19293798, 18.4 MiB"})
    void bytesAreIec(String bytes, String words) {
        assertThat(Words.bytes(bytes)).isEqualTo(words);
    }
}
