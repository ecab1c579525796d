package dev.vibrissa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the page of a benchmark says. */
class ReportTest {
    @Test
    void takesTheMiddleOfSeveralRounds() {
        assertThat(Report.median(3, 1, 2)).isEqualTo(2);
        assertThat(Report.median(4, 1, 2, 3)).isEqualTo(2.5);
    }

    @Test
    void printsTablesAsMarkdown() {
        var report = new Report();
        report.table(List.of("", "rows/s"), List.of(List.of("COPY", Report.number(123_456.7))));
        assertThat(report.markdown()).isEqualTo("\n|  | rows/s |\n|---|---|\n| COPY | 123,457 |\n\n");
    }

    @Test
    void failsIfOneClaimDoesNotHold() {
        var report = new Report();
        report.claim("equal", true);
        assertThat(report.hasFailed()).isFalse();
        report.claim("equal too", false);
        assertThat(report.hasFailed()).isTrue();
        assertThat(report.markdown()).contains("equal too: **FAIL**");
    }
}
