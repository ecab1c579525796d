package dev.vibrissa.api.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.api.problem.ProblemException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtTest {
    @Test
    void readsTheThreeForms() {
        assertThat(At.parse(null)).isEqualTo(new At.Now());
        assertThat(At.parse("epoch:41")).isEqualTo(new At.Epoch(41));
        assertThat(At.parse("checkpoint:238627324")).isEqualTo(new At.Checkpoint(238_627_324));
        assertThat(At.parse("time:2026-01-26T10:00:00Z")).isEqualTo(new At.Time(Instant.parse("2026-01-26T10:00:00Z")));
    }

    @Test
    void takesATimeOfAnyZoneAlsoWhenItsPlusBecameASpace() {
        var expected = new At.Time(Instant.parse("2026-01-26T08:00:00Z"));
        assertThat(At.parse("time:2026-01-26T10:00:00+02:00")).isEqualTo(expected);
        assertThat(At.parse("time:2026-01-26T10:00:00 02:00")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "41",
                "epoch:",
                "epoch:-1",
                "epoch:+1",
                "epoch:4294967296",
                "epoch:99999999999999999999",
                "checkpoint:1.5",
                "checkpoint:9223372036854775808",
                "time:2026-01-26",
                "time:2026-01-26T10:00:00",
                "Epoch:41",
                "epoch: 41"
            })
    void refusesAnythingElseNamingTheField(String text) {
        assertThatThrownBy(() -> At.parse(text))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("epoch:41")
                .hasMessageContaining("'" + text + "'");
    }
}
