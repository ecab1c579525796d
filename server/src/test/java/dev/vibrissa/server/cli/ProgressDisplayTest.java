package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.Progress.Position;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");

    private Instant now = BEGIN;
    private final StringWriter out = new StringWriter();

    @Test
    void showsRateLagAndEstimate() {
        try (var display = display(false)) {
            now = BEGIN.plusSeconds(10);
            display.committed(position(1049, 50));
        }
        assertThat(out.toString().strip())
                .isEqualTo("ingest checkpoint=1049 of=1199 rate=5.0/s rows=500 lag=1h0m left=30s");
    }

    @Test
    void printsNoMoreThanALineEveryFewSeconds() {
        try (var display = display(false)) {
            for (int i = 1; i <= 100; i++) {
                now = BEGIN.plus(Duration.ofMillis(100L * i));
                display.committed(position(999 + i, i));
            }
        }
        assertThat(out.toString().lines()).hasSize(3); // after 0.1 s, after 5.1 s, and where it ended
        assertThat(out.toString()).contains("checkpoint=1099 ");
    }

    @Test
    void drawsOneBarOnATerminal() {
        try (var display = display(true)) {
            now = BEGIN.plusSeconds(1);
            display.committed(position(1099, 100));
        }
        assertThat(out.toString())
                .startsWith("\r[############------------]  50 % checkpoint=1099")
                .endsWith("\n");
        assertThat(out.toString().lines().filter(line -> !line.isEmpty())).hasSize(1);
    }

    @Test
    void estimatesFromTheLastWhileOnly() {
        try (var display = display(false)) {
            now = BEGIN.plusSeconds(1);
            display.committed(position(1099, 100));
            for (int i = 1; i <= 40; i++) {
                now = now.plusSeconds(1);
                display.committed(position(1099 + i, 100 + i));
            }
        }
        assertThat(out.toString().lines().toList().getLast()).contains("rate=1.0/s", "left=1m0s");
    }

    @Test
    void saysNothingWhenNothingWasDone() {
        display(true).close();
        assertThat(out.toString()).isEmpty();
    }

    private ProgressDisplay display(boolean isTerminal) {
        return new ProgressDisplay("ingest", new PrintWriter(out), isTerminal, () -> now);
    }

    private Position position(long last, long checkpoints) {
        return new Position(
                1000, last, Optional.of(1199L), now.minusSeconds(3600), checkpoints, checkpoints * 10, Duration.ZERO);
    }
}
