package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.Database;
import dev.vibrissa.server.work.WorkBoard;
import dev.vibrissa.server.work.WorkBoard.Standing;
import dev.vibrissa.server.work.WorkState;
import dev.vibrissa.verifier.node.NodeClientSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stops the audit of event blobs is told where operators look. */
class EventBlobAuditsTest {
    private static final Database NOBODY_THERE = new Database("jdbc:postgresql://127.0.0.1:1/none", "nobody", "");

    @TempDir
    private Path folder;

    @Test
    void aFaultIsOnTheBoardAndSoIsTheEnd() throws Exception {
        BlockingQueue<Standing> standings = new LinkedBlockingQueue<>();
        var board = new WorkBoard(Clock.systemUTC(), System::nanoTime, (_, standing) -> standings.add(standing));

        try (var audits = new EventBlobAudits(
                NOBODY_THERE,
                folder,
                NodeClientSettings.of(URI.create("https://example.org/")),
                Duration.ofHours(1),
                board)) {
            audits.start();
            assertThat(next(standings).state()).isEqualTo(WorkState.STARTS);
            Standing fault = next(standings);
            assertThat(fault.state()).isEqualTo(WorkState.TRIES_AGAIN);
            assertThat(fault.reason()).contains("127.0.0.1:1 refused");
        }
        assertThat(next(standings).state()).isEqualTo(WorkState.STOPPED);
        assertThat(board.standings()).containsOnlyKeys("event-blobs");
    }

    private static Standing next(BlockingQueue<Standing> standings) throws InterruptedException {
        Standing next = standings.poll(30, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }
}
