package dev.vibrissa.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the database when its JVM gets kill -9. */
@Timeout(600)
class EmbeddedPostgresInAKilledJvmTest {
    private static final EmbeddedPostgresConfig CONFIG =
            EmbeddedPostgresConfig.defaults().withDeadlines(Duration.ofSeconds(60), Duration.ofSeconds(60));

    @TempDir
    private Path folder;

    @Test
    void shutsDownCleanlyByItself() throws Exception {
        try (var child = ChildJvm.holding(folder, CONFIG.cacheDirectory())) {
            ProcessHandle server = child.server();
            child.kill();
            server.onExit().get(30, TimeUnit.SECONDS);
        }
        assertThat(EmbeddedPostgresTest.serverLog(folder)).contains("database system is shut down");
        assertThatTheCommittedRowsAreThere();
        assertThat(EmbeddedPostgresTest.serverLog(folder)).doesNotContain("not properly shut down");
    }

    @Test
    void startsAgainAtOnceWithWhatWasCommitted() throws Exception {
        for (int round = 0; round < 3; round++) {
            try (var child = ChildJvm.holding(folder, CONFIG.cacheDirectory())) {
                child.server();
                child.kill();
            }
            assertThatTheCommittedRowsAreThere(); // the start waits for the server that is still stopping
        }
    }

    @Test
    void startsAgainAfterAKillAtAnyMoment() throws Exception {
        killAtRandomMoments(3);
    }

    @Test
    @Tag("soak")
    void startsAgainAfterAKillAtAnyMomentManyTimes() throws Exception {
        killAtRandomMoments(40);
    }

    private void killAtRandomMoments(int rounds) throws Exception {
        long seed = System.nanoTime();
        System.out.println("kills at random moments: seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            // A directory of its own for every other round, so that initdb is hit as well.
            Path data = folder.resolve("data-" + round / 2);
            try (var child = ChildJvm.holding(data, CONFIG.cacheDirectory())) {
                child.process().waitFor(random.nextLong(2500), TimeUnit.MILLISECONDS);
                child.kill();
            }
            try (var postgres = EmbeddedPostgres.start(data, CONFIG)) {
                assertThat(EmbeddedPostgresTest.ask(postgres, "select 1")).containsExactly("1");
            }
        }
    }

    private void assertThatTheCommittedRowsAreThere() throws Exception {
        try (var postgres = EmbeddedPostgres.start(folder, CONFIG)) {
            assertThat(EmbeddedPostgresTest.ask(postgres, "select count(*) || ' up to ' || max(n) from kept"))
                    .containsExactly(DatabaseHolder.ROWS + " up to " + DatabaseHolder.ROWS);
        }
    }
}
