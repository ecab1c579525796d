package dev.vibrissa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How the freshness bench is called. */
class FreshnessOptionsTest {
    @Test
    void measureTheNetworkWeDesignForUnlessToldOtherwise() {
        var usual = FreshnessBench.Options.parse();
        assertThat(usual.noiseBytes()).isEqualTo(185_000);
        assertThat(usual.interval()).isEqualTo("200ms");
        assertThat(usual.measured()).isEqualTo(Duration.ofMinutes(2));
        var told = FreshnessBench.Options.parse("--seconds", "5", "--warm-up", "0", "--out", "page.md");
        assertThat(told.measured()).isEqualTo(Duration.ofSeconds(5));
        assertThat(told.warmUp()).isZero();
        assertThat(told.out()).contains(Path.of("page.md"));
    }

    @Test
    void refuseWhatCannotBeMeant() {
        assertThatThrownBy(() -> FreshnessBench.Options.parse("--seconds")).hasMessage("--seconds needs a value");
        assertThatThrownBy(() -> FreshnessBench.Options.parse("--seconds", "0"))
                .hasMessage("--seconds is 0, and at least 1 is needed");
        assertThatThrownBy(() -> FreshnessBench.Options.parse("--secs", "5")).hasMessage("unknown option --secs");
    }
}
