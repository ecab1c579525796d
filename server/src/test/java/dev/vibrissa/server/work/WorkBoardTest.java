package dev.vibrissa.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

class WorkBoardTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Instant now = Instant.parse("2026-11-22T06:00:00Z");
    private long nanos;
    private final List<String> changes = new ArrayList<>();
    private final WorkBoard board =
            new WorkBoard(clock(), () -> nanos, (role, standing) -> changes.add(role + " " + standing.state()));

    private WorkBoard.Standing indexer() {
        return Optional.ofNullable(board.standings().get("indexer")).orElseThrow();
    }

    private Clock clock() {
        InstantSource source = () -> now;
        return source.withZone(ZoneOffset.UTC);
    }

    @Test
    void saysSinceWhenAStateHoldsAndWhyLast() {
        board.says("indexer", WorkState.TRIES_AGAIN, "first");
        now = now.plusSeconds(10);
        board.says("indexer", WorkState.TRIES_AGAIN, "second");
        assertThat(indexer()).isEqualTo(new WorkBoard.Standing(WorkState.TRIES_AGAIN, "second", now.minusSeconds(10)));
        assertThat(changes).containsExactly("indexer tries_again");
    }

    @Test
    void whoSaysNothingForTooLongIsSilentAndNotWell() {
        board.works("indexer", "committed checkpoint 812", PATIENCE);
        nanos = PATIENCE.toNanos();
        assertThat(indexer().state()).isEqualTo(WorkState.WORKS);
        nanos += 5_000_000_000L;
        assertThat(indexer().state()).isEqualTo(WorkState.SILENT);
        assertThat(indexer().reason()).isEqualTo("nothing came for 65 s; before that: committed checkpoint 812");
        assertThat(WorkState.SILENT.isWell()).isFalse();
    }

    @Test
    void aTryThatFailsAgainIsNotWellInBetween() {
        board.tries("indexer", "has the turn", PATIENCE);
        board.says("indexer", WorkState.TRIES_AGAIN, "first");
        now = now.plusSeconds(10);
        board.tries("indexer", "has the turn", PATIENCE);
        assertThat(indexer()).isEqualTo(new WorkBoard.Standing(WorkState.TRIES_AGAIN, "first", now.minusSeconds(10)));
        board.says("indexer", WorkState.TRIES_AGAIN, "second");
        board.works("indexer", "committed checkpoint 812", PATIENCE);
        assertThat(changes).containsExactly("indexer works", "indexer tries_again", "indexer works");
    }

    @Test
    void whoStandsByMaySayNothingForEver() {
        board.says("indexer", WorkState.STANDS_BY, "another works");
        nanos = Duration.ofDays(400).toNanos();
        assertThat(indexer().state()).isEqualTo(WorkState.STANDS_BY);
    }

    @Test
    void aClockThatJumpsMakesNobodySilent() {
        board.works("indexer", "committed checkpoint 812", PATIENCE);
        now = now.plus(Duration.ofDays(365));
        assertThat(indexer().state()).isEqualTo(WorkState.WORKS);
        now = now.minus(Duration.ofDays(700));
        assertThat(indexer().state()).isEqualTo(WorkState.WORKS);
    }

    /** The board of the process, as health and metrics read it. */
    @Test
    void whatIsNotWellShowsInHealthWithItsReasonAndInTheMetric() {
        WorkBoard.here().says("tried", WorkState.TRIES_AGAIN, "database, SQLSTATE 53100: No space left on device");
        var registry = new SimpleMeterRegistry();
        new WorkMetrics().bindTo(registry);
        assertThat(gauge(registry, "tries_again")).isEqualTo(1);
        var health = new WorkHealth().call();
        assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(String.valueOf(health.getData().orElseThrow().get("tried")))
                .startsWith("tries_again since 20")
                .endsWith("database, SQLSTATE 53100: No space left on device");
        WorkBoard.here().says("tried", WorkState.DONE, "over");
        assertThat(gauge(registry, "tries_again")).isZero();
        assertThat(gauge(registry, "done")).isEqualTo(1);
        assertThat(new WorkHealth().call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    }

    private static double gauge(SimpleMeterRegistry registry, String state) {
        return registry.get("vibrissa.work.state")
                .tag("role", "tried")
                .tag("state", state)
                .gauge()
                .value();
    }
}
