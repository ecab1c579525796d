package dev.vibrissa.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.stream.Stream;

/** Where and when a benchmark runs. */
final class Machine {
    private Machine() {}

    /** Date, processors, JDK and how busy it was before. */
    static String description() throws IOException {
        return "%s, %d processors, %s, JDK %s; load average before %.2f"
                .formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        processor(),
                        Runtime.version(),
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** The checkout: the launcher says where, else it is what the jar was built in. */
    static Path project() {
        return Optional.ofNullable(System.getProperty("vibrissa.root"))
                .map(Path::of)
                .orElseGet(() -> Path.of(Machine.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .resolve("../../..")
                        .normalize());
    }

    private static String processor() throws IOException {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(cpuinfo)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }
}
