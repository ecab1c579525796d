package dev.vibrissa.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
        static final Cpu NONE = new Cpu(Duration.ZERO, Duration.ZERO);

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
        Duration sum = stat(process).endedChildren();
        for (ProcessHandle each : descendants(process)) {
            var cpu = stat(each);
            sum = sum.plus(cpu.own()).plus(cpu.endedChildren());
        }
        return sum;
    }

    /** Memory of all descendants, where a page that several share counts once in all; zero where it may not be read. */
    static long sharedFairlyBytes(ProcessHandle process) throws IOException {
        long sum = 0;
        for (ProcessHandle each : descendants(process)) {
            try {
                sum += kilobytes(Files.readString(PROC.resolve(each.pid() + "/smaps_rollup")), "Pss:") << 10;
            } catch (NoSuchFileException _) {
                // ended meanwhile
            }
        }
        return sum;
    }

    static List<ProcessHandle> descendants(ProcessHandle process) {
        return process.descendants().toList();
    }

    private static Cpu stat(ProcessHandle process) throws IOException {
        try {
            return Cpu.parse(Files.readString(PROC.resolve(process.pid() + "/stat")));
        } catch (NoSuchFileException _) { // ended meanwhile: its parent has its time
            return Cpu.NONE;
        }
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
