package dev.vibrissa.verifier.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ShareTest {
    @ParameterizedTest
    @CsvFileSource(resources = "/score/shares.csv", useHeadersInDisplayName = true)
    void agreesWithSciPy(long served, long failed, double lowerBound, double wilsonLow, double wilsonHigh) {
        var share = new Share(served, failed);
        assertThat(share.lowerBound()).isCloseTo(lowerBound, within(1e-10));
        assertThat(share.wilson().low()).isCloseTo(wilsonLow, within(1e-11));
        assertThat(share.wilson().high()).isCloseTo(wilsonHigh, within(1e-11));
    }

    @Test
    void aCleanRecordShows99PercentFrom298ProbesOn() {
        assertThat(new Share(298, 0).lowerBound()).isGreaterThanOrEqualTo(0.99);
        assertThat(new Share(297, 0).lowerBound()).isLessThan(0.99 + 1e-4);
        assertThat(Math.pow(0.99, 298)).isLessThanOrEqualTo(0.0501);
        assertThat(new Share(298, 0).isEnough()).isTrue();
        assertThat(new Share(297, 0).isEnough()).isFalse();
    }

    @Test
    void ofNothingNothingIsKnown() {
        assertThat(new Share(0, 0).wilson()).isEqualTo(new Share.Interval(0, 1));
        assertThat(new Share(0, 0).lowerBound()).isCloseTo(0.05, within(1e-12));
    }

    @Test
    void storjsScoreFirstFallsBelow96PercentAtThe41stFailureInARow() {
        Reputation reputation = Reputation.NEW;
        int failures = 0;
        while (reputation.score() >= 0.96) {
            reputation = reputation.after(false);
            failures++;
        }
        assertThat(failures).isEqualTo(41);
    }
}
