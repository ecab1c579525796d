package dev.vibrissa.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What processes use of the machine, as Linux tells it under {@code /proc}; see proc(5). */
final class ProcessUsage {
    private static final Path PROC = Path.of("/proc");

    /** Ticks in which the kernel tells times to programs: 100 a second on every architecture we run on. */
    private static final long TICKS_PER_SECOND = 100;

    private ProcessUsage() {}

    /**
     * Resident memory.
     *
     * @param nowBytes at this moment
     * @param peakBytes the most there ever was
     */
    record Resident(long nowBytes, long peakBytes) {
        static Resident parse(String status) {
            return new Resident(kilobytes(status, "VmRSS:") << 10, kilobytes(status, "VmHWM:") << 10);
        }
    }

    /**
     * Processor time since the process began, by itself and by its children that have ended.
     */
    record Cpu(Duration own, Duration endedChildren) {
        /** The second field, the name, may contain anything, but nothing after it has a parenthesis. */
        static Cpu parse(String stat) {
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" +", -1);
            return new Cpu(ticks(fields, 14, 15), ticks(fields, 16, 17));
        }

        /** Fields are counted from 1, and the first here is the third. */
        private static Duration ticks(String[] fields, int user, int system) {
            long ticks = Long.parseLong(fields[user - 3]) + Long.parseLong(fields[system - 3]);
            return Duration.ofSeconds(1).multipliedBy(ticks).dividedBy(TICKS_PER_SECOND);
        }
    }

    static Resident resident(ProcessHandle process) throws IOException {
        return Resident.parse(Files.readString(PROC.resolve(process.pid() + "/status")));
    }

    /** Of the process alone. */
    static Duration cpu(ProcessHandle process) throws IOException {
        return stat(process).own();
    }

    /** Of all processes that descend from this one, also of those that have come and gone; the process itself left out. */
    static Duration cpuOfDescendants(ProcessHandle process) throws IOException {
        return cpu(stat(process).endedChildren(), descendants(process));
    }

    static Duration cpu(Duration before, List<ProcessHandle> processes) {
        Duration sum = before;
        for (ProcessHandle each : processes) {
            try {
                var cpu = stat(each);
                sum = sum.plus(cpu.own()).plus(cpu.endedChildren());
            } catch (IOException _) {
                // Ended while it was read, or not ours to read; its parent has its time in the end.
            }
        }
        return sum;
    }

    /** Memory of all descendants, where a page that several share counts once in all; zero where it may not be read. */
    static long sharedFairlyBytes(ProcessHandle process) {
        return sharedFairlyBytes(descendants(process));
    }

    static long sharedFairlyBytes(List<ProcessHandle> processes) {
        long sum = 0;
        for (ProcessHandle each : processes) {
            try {
                // Empty where a process ended after the file was opened.
                String rollup = Files.readString(PROC.resolve(each.pid() + "/smaps_rollup"));
                sum += rollup.isEmpty() ? 0 : kilobytes(rollup, "Pss:") << 10;
            } catch (IOException _) {
                // Ended meanwhile, or not ours to read.
            }
        }
        return sum;
    }

    static List<ProcessHandle> descendants(ProcessHandle process) {
        return process.descendants().toList();
    }

    private static Cpu stat(ProcessHandle process) throws IOException {
        return Cpu.parse(Files.readString(PROC.resolve(process.pid() + "/stat")));
    }

    private static long kilobytes(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(
                        line.substring(key.length(), line.lastIndexOf(" kB")).strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no line '%s' in: %s".formatted(key, text)));
    }
}
