package dev.vibrissa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read from {@code /proc}. */
class ProcessUsageTest {
    @Test
    void readsTimesBehindANameWithParenthesesAndSpaces() {
        var cpu = ProcessUsage.Cpu.parse(
                "42 (io) worker 0) S 1 42 42 0 -1 4194304 100 200 0 0 250 50 700 300 20 0 1 0 9 8");
        assertThat(cpu.own()).isEqualTo(Duration.ofSeconds(3));
        assertThat(cpu.endedChildren()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void readsResidentMemoryNowAndAtMost() {
        var resident =
                ProcessUsage.Resident.parse("Name:\tjava\nVmHWM:\t  397732 kB\nVmRSS:\t  325608 kB\nThreads:\t66\n");
        assertThat(resident.nowBytes()).isEqualTo(325_608L * 1024);
        assertThat(resident.peakBytes()).isEqualTo(397_732L * 1024);
    }

    @Test
    void findsThisProcessAndItsChildren() throws Exception {
        assumeThat(Files.isReadable(Path.of("/proc/self/smaps_rollup")))
                .as("Linux")
                .isTrue();
        var self = ProcessHandle.current();
        assertThat(ProcessUsage.resident(self).nowBytes()).isGreaterThan(10_000_000);
        assertThat(ProcessUsage.cpu(self)).isPositive();
        var child = new ProcessBuilder("sleep", "60").start();
        try {
            assertThat(ProcessUsage.descendants(self)).contains(child.toHandle());
            assertThat(ProcessUsage.sharedFairlyBytes(self)).isPositive();
        } finally {
            child.destroy();
        }
    }

    @Test
    void passesOverWhatHasEndedOrMayNotBeRead() throws Exception {
        assumeThat(Files.isReadable(Path.of("/proc/self/smaps_rollup")))
                .as("Linux")
                .isTrue();
        var ended = new ProcessBuilder("true").start();
        ended.waitFor();
        var first = ProcessHandle.of(1).orElseThrow(); // of root: its memory is not everybody's to read
        assertThat(ProcessUsage.sharedFairlyBytes(List.of(ended.toHandle(), first, ProcessHandle.current())))
                .isPositive();
        assertThat(ProcessUsage.cpu(Duration.ofSeconds(1), List.of(ended.toHandle(), ProcessHandle.current())))
                .isGreaterThan(Duration.ofSeconds(1));
    }
}
