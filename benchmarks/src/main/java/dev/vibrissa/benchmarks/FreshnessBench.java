package dev.vibrissa.benchmarks;

import static dev.vibrissa.benchmarks.Report.number;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code ./vibrissa bench freshness}: how long after a checkpoint was sent the API answers with it, and what following
 * costs. A devnet and a program that follows it run in processes of their own.
 */
final class FreshnessBench {
    private static final double LATENCY_TARGET_MILLIS = 500; // p99
    private static final long RESIDENT_TARGET_BYTES = 600_000_000;
    private static final int ENOUGH_CHECKPOINTS = 500; // for a p99 that rests on five
    private static final Duration PAUSE = Duration.ofMillis(5);
    /** Building included. */
    private static final Duration START_DEADLINE = Duration.ofMinutes(15);

    private static final Duration CATCH_UP_DEADLINE = Duration.ofSeconds(60);
    private static final int SIZES = 50;
    private static final Pattern ADDRESS = Pattern.compile("runs at (http://\\S+)");
    private static final Pattern COMMITTED = Pattern.compile("committed checkpoint=");
    private static final String USAGE = """
            usage: bench freshness [--seconds N] [--warm-up N] [--noise BYTES] [--interval TIME] [--out FILE]

              --seconds N      how long to measure                                 (120)
              --warm-up N      seconds before                                      (60)
              --noise BYTES    objects of strangers in each checkpoint             (185000)
              --interval TIME  from one checkpoint to the next                     (200ms)
              --out FILE       write the page there too

            Exit code 0: the chain was followed; 1: it was not, or not verified by certificates; 2: wrong usage. A missed
            target is printed but is no failure: it depends on the machine.
            """;

    private FreshnessBench() {}

    record Options(Duration measured, Duration warmUp, int noiseBytes, String interval, Optional<Path> out) {
        static Options parse(String... arguments) {
            var measured = Duration.ofSeconds(120);
            var warmUp = Duration.ofSeconds(60);
            int noise = 185_000;
            String interval = "200ms";
            Optional<Path> out = Optional.empty();
            for (int i = 0; i < arguments.length; i += 2) {
                if (i + 1 == arguments.length) {
                    throw new IllegalArgumentException("%s needs a value".formatted(arguments[i]));
                }
                String value = arguments[i + 1];
                switch (arguments[i]) {
                    case "--seconds" -> measured = Duration.ofSeconds(Integer.parseUnsignedInt(value));
                    case "--warm-up" -> warmUp = Duration.ofSeconds(Integer.parseUnsignedInt(value));
                    case "--noise" -> noise = Integer.parseUnsignedInt(value);
                    case "--interval" -> interval = value;
                    case "--out" -> out = Optional.of(Path.of(value));
                    default -> throw new IllegalArgumentException("unknown option %s".formatted(arguments[i]));
                }
            }
            if (measured.isZero()) {
                throw new IllegalArgumentException("--seconds is 0, and at least 1 is needed");
            }
            return new Options(measured, warmUp, noise, interval, out);
        }
    }

    /** @return the exit code */
    static int run(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(USAGE);
            return 2;
        }
        var report = new Report();
        report.text("## `./vibrissa bench freshness`");
        report.text("");
        report.text(Machine.description());
        Path folder = Files.createTempDirectory("vibrissa-bench-freshness");
        try {
            measure(report, options, folder);
        } catch (IOException e) {
            report.claim("the chain was followed (%s)".formatted(e.getMessage()), false);
        } finally {
            delete(folder);
        }
        System.out.print(report.markdown());
        if (options.out().isPresent()) {
            Files.writeString(options.out().get(), report.markdown());
        }
        return report.hasFailed() ? 1 : 0;
    }

    private static void measure(Report report, Options options, Path folder) throws IOException, InterruptedException {
        Path project = Machine.project();
        Path network = folder.resolve("network");
        try (var devnet = Program.start(
                project,
                folder,
                "devnet",
                "--data=" + network,
                "--port=0",
                "--noise=" + options.noiseBytes(),
                "--checkpoint-interval=" + options.interval())) {
            var chain = URI.create(devnet.awaitOutput(ADDRESS, START_DEADLINE).group(1));
            int port = freePort();
            try (var up = Program.start(
                            project,
                            folder,
                            "up",
                            "--roles=indexer,verifier,api",
                            "--network=custom",
                            "--label=simulated network",
                            "--network-file=" + network.resolve("network.properties"),
                            "--trust=" + network.resolve("committee.bcs"),
                            "--source=grpc://" + chain.getAuthority(),
                            "--port=" + port,
                            "--data=" + folder.resolve("data"));
                    var arrivals = Arrivals.of(chain);
                    var questions = new Questions(URI.create("http://127.0.0.1:" + port))) {
                up.awaitOutput(COMMITTED, START_DEADLINE);
                questions.awaitAnswer(CATCH_UP_DEADLINE);
                var run = new FreshnessRun(devnet, up, arrivals, questions, PAUSE, CATCH_UP_DEADLINE);
                try {
                    print(report, run.measure(options.warmUp(), options.measured()), meanBytes(network));
                } catch (IOException e) {
                    throw new IOException("%s; up said last: %s".formatted(e.getMessage(), up.lastLines()), e);
                }
            }
        }
    }

    private static void print(Report report, FreshnessRun.Measured measured, double meanBytes) {
        var latencies = measured.latencies();
        var asked = measured.asked();
        var unasked = measured.unasked();
        report.text("");
        report.text("%d checkpoints in %s s, %s/s, of %s bytes on average (the last %d, uncompressed)"
                .formatted(
                        latencies.count(),
                        number(asked.seconds()),
                        number(latencies.count() / asked.seconds()),
                        number(meanBytes),
                        SIZES));
        report.text("");
        report.text("### Sent → answered");
        report.table(
                List.of("", "ms"),
                Stream.of(50.0, 90.0, 99.0, 100.0)
                        .map(each -> List.of(
                                each == 100 ? "max" : "p%.0f".formatted(each),
                                number(latencies.percentileMillis(each))))
                        .toList());
        report.text("* resolution: %s ms, an answer (%s ms on average) and a pause of %d ms"
                .formatted(
                        number(measured.answer().toNanos() / 1e6 + PAUSE.toMillis()),
                        number(measured.answer().toNanos() / 1e6),
                        PAUSE.toMillis()));
        report.text("* jumped over, because a newer one was in the same answer: %d".formatted(latencies.jumpedOver()));
        report.text("* asked by REST; there are no server-sent events yet");
        report.text("");
        report.text("### Memory and processor");
        report.table(
                List.of("", "resident, MB", "at most, MB", "cores while asked", "cores while not asked"),
                List.of(
                        List.of(
                                "`up`, roles indexer, verifier, api",
                                megabytes(measured.up().nowBytes()),
                                megabytes(measured.up().peakBytes()),
                                number(asked.up()),
                                number(unasked.up())),
                        List.of(
                                "its PostgreSQL (PSS of all processes)",
                                megabytes(measured.postgresBytes()),
                                "-",
                                number(asked.postgres()),
                                number(unasked.postgres())),
                        List.of(
                                "both",
                                megabytes(measured.up().nowBytes() + measured.postgresBytes()),
                                "-",
                                number(asked.up() + asked.postgres()),
                                number(unasked.up() + unasked.postgres())),
                        List.of(
                                "devnet",
                                megabytes(measured.devnet().nowBytes()),
                                megabytes(measured.devnet().peakBytes()),
                                number(asked.devnet()),
                                number(unasked.devnet()))));
        report.claim("every checkpoint was answered, the stream had no gap", true);
        var complaints = new ArrayList<>(measured.complaints());
        report.claim(
                "answers are verified by certificate and name the digest that was sent%s"
                        .formatted(complaints.isEmpty() ? "" : " (" + complaints.getFirst() + ")"),
                complaints.isEmpty());
        double p99 = latencies.percentileMillis(99);
        report.text("* target p99 ≤ %.0f ms: **%s**"
                .formatted(
                        LATENCY_TARGET_MILLIS,
                        latencies.count() < ENOUGH_CHECKPOINTS
                                ? "too few checkpoints to tell, %d are needed".formatted(ENOUGH_CHECKPOINTS)
                                : p99 <= LATENCY_TARGET_MILLIS ? "met" : "missed"));
        report.text("* target resident ≤ %s MB at most, PostgreSQL apart: **%s**"
                .formatted(
                        megabytes(RESIDENT_TARGET_BYTES),
                        measured.up().peakBytes() <= RESIDENT_TARGET_BYTES ? "met" : "missed"));
    }

    private static String megabytes(long bytes) {
        return number(bytes / 1e6);
    }

    /** Of the last checkpoints that the devnet has kept, which are the messages that it sent. */
    private static double meanBytes(Path network) throws IOException {
        try (Stream<Path> files = Files.list(network.resolve("checkpoints"))) {
            var newest = files.filter(file -> file.toString().endsWith(Corpus.EXTENSION + ".zst"))
                    .sorted(Comparator.comparing(FreshnessBench::sequenceNumber).reversed())
                    .skip(1) // may be half written
                    .limit(SIZES)
                    .toList();
            long sum = 0;
            for (Path file : newest) {
                try (var in = new ZstdInputStream(Files.newInputStream(file))) {
                    sum += in.readAllBytes().length;
                }
            }
            return (double) sum / Math.max(1, newest.size());
        }
    }

    private static long sequenceNumber(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('.')));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
