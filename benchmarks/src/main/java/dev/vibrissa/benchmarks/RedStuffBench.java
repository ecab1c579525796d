package dev.vibrissa.benchmarks;

import static dev.vibrissa.benchmarks.Report.number;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.redstuff.kernel.Kernel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** {@code ./vibrissa bench redstuff}: the codec beside the WASM build of the official encoder, as one Markdown page. */
final class RedStuffBench {
    private static final double TARGET = 4; // times the WASM
    private static final double REACH = 8;
    private static final double TWIN_TARGET = 10; // times the naive twin
    private static final int SHARDS = 1000;
    private static final List<String> OPERATIONS = List.of("metadata", "encode", "decode");
    private static final Duration DEADLINE = Duration.ofMinutes(20);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USAGE = """
            usage: bench redstuff [--sizes MIB[,MIB]...] [--rounds N] [--repetitions N] [--kernel NAME] [--only codec|kernels]
                                  [--out FILE]

              --sizes        sizes of blobs in MiB                          (1,16,64)
              --rounds       rounds, each side in a new process, in turns   (3)
              --repetitions  of each operation in a round                   (5)
              --kernel       scalar, narrow or wide                         (what the program would choose)
              --only         codec or kernels
              --out FILE     write the page there too

            Exit code 0: all outputs equal; 1: some differ or the reference did not run; 2: wrong usage. A missed target is
            printed but is no failure: it depends on the machine.
            """;

    private RedStuffBench() {}

    private record Options(
            List<Integer> sizes,
            int rounds,
            int repetitions,
            Optional<String> kernel,
            Optional<String> only,
            Optional<Path> out) {}

    /** @return the exit code */
    static int run(String[] arguments) throws Exception {
        Options options;
        try {
            options = parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(USAGE);
            return 2;
        }
        var report = new Report();
        report.text("## `./vibrissa bench redstuff`");
        report.text("");
        report.text(Machine.description());
        if (!options.only().orElse("codec").equals("kernels")) {
            codec(report, options);
        }
        if (!options.only().orElse("kernels").equals("codec")) {
            kernels(report);
        }
        System.out.print(report.markdown());
        if (options.out().isPresent()) {
            Files.writeString(options.out().get(), report.markdown());
        }
        return report.hasFailed() ? 1 : 0;
    }

    private static Options parse(String[] arguments) {
        List<Integer> sizes = List.of(1, 16, 64);
        int rounds = 3;
        int repetitions = 5;
        Optional<String> kernel = Optional.empty();
        Optional<String> only = Optional.empty();
        Optional<Path> out = Optional.empty();
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException("%s needs a value".formatted(arguments[i]));
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--sizes" ->
                    sizes = Arrays.stream(value.split(","))
                            .map(Integer::valueOf)
                            .toList();
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--repetitions" -> repetitions = Integer.parseInt(value);
                case "--kernel" -> kernel = Optional.of(value);
                case "--only" -> only = Optional.of(value);
                case "--out" -> out = Optional.of(Path.of(value));
                default -> throw new IllegalArgumentException("unknown option %s".formatted(arguments[i]));
            }
        }
        if (only.filter(each -> !List.of("codec", "kernels").contains(each)).isPresent()) {
            throw new IllegalArgumentException("--only is codec or kernels");
        }
        if (rounds < 1 || repetitions < 1 || sizes.stream().anyMatch(size -> size < 1 || size > 256)) {
            throw new IllegalArgumentException("--rounds and --repetitions are positive, --sizes 1 to 256");
        }
        return new Options(sizes, rounds, repetitions, kernel, only, out);
    }

    private static void codec(Report report, Options options) throws IOException, InterruptedException {
        var wasm = new NodePackage(Machine.project().resolve("benchmarks/walrus-wasm"), "@mysten/walrus-wasm");
        int processors = Runtime.getRuntime().availableProcessors();
        var rows = new ArrayList<List<String>>();
        var slivers = new ArrayList<List<String>>();
        double least = Double.POSITIVE_INFINITY;
        double leastOfTwin = Double.POSITIVE_INFINITY;
        String versions = "";
        for (int mib : options.sizes()) {
            Path file = randomFile(mib);
            try {
                wasm.install();
                var reference = new ArrayList<CodecTimes>();
                var one = new ArrayList<CodecTimes>();
                var all = new ArrayList<CodecTimes>();
                for (int round = 0; round < options.rounds(); round++) {
                    reference.add(read(wasm.run(
                            List.of("node", "codec.mjs", file.toString(), "" + SHARDS, "" + options.repetitions()),
                            DEADLINE)));
                    one.add(read(wasm.run(worker(options, file, 1), DEADLINE)));
                    all.add(read(wasm.run(worker(options, file, processors), DEADLINE)));
                }
                versions = "@mysten/walrus-wasm %s, node %s; kernel %s"
                        .formatted(
                                reference.getFirst().version(),
                                reference.getFirst().node(),
                                one.getFirst().version());
                for (String operation : OPERATIONS) {
                    double theirs = median(reference, operation);
                    double ours = median(one, operation);
                    double parallel = median(all, operation);
                    least = Math.min(least, theirs / ours);
                    rows.add(List.of(
                            "%s, %d MiB".formatted(operation, mib),
                            number(theirs),
                            number(ours),
                            "%.1f×".formatted(theirs / ours),
                            number(parallel),
                            "%.1f×".formatted(theirs / parallel),
                            number(mib * 1048.576 / ours),
                            number(one.getFirst().allocatedMegabytes().getOrDefault(operation, 0.0))));
                }
                for (String type : List.of("primary", "secondary")) {
                    double fast = median(one, type);
                    double naive = median(one, type + "Naive");
                    leastOfTwin = Math.min(leastOfTwin, naive / fast);
                    slivers.add(List.of(
                            "%s sliver of %d MiB".formatted(type, mib),
                            number(naive * 1000),
                            number(fast * 1000),
                            "%.0f×".formatted(naive / fast),
                            number(one.getFirst().allocatedMegabytes().getOrDefault(type, 0.0))));
                }
                var everybody = new ArrayList<CodecTimes>(reference);
                everybody.addAll(one);
                everybody.addAll(all);
                report.claim(
                        "%d MiB: same blob id %s, same slivers (SHA-256 %s…), same decoded blob"
                                .formatted(
                                        mib,
                                        reference.getFirst().blobId(),
                                        reference.getFirst().slivers().substring(0, 16)),
                        same(everybody, CodecTimes::blobId)
                                && same(everybody, CodecTimes::slivers)
                                && same(everybody, CodecTimes::decoded)
                                && one.getFirst().decoded().equals(sha256(file)));
            } catch (NodePackage.UnavailableException e) {
                report.claim("both sides ran (%s)".formatted(e.getMessage()), false);
            } finally {
                Files.delete(file);
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        report.text("");
        report.text("### Codec, n = %d, milliseconds; medians of %d × %d"
                .formatted(SHARDS, options.rounds(), options.repetitions()));
        report.text("");
        report.text(versions);
        report.table(
                List.of(
                        "",
                        "WASM",
                        "Vibrissa, one thread",
                        "ratio",
                        "%d threads".formatted(processors),
                        "ratio",
                        "MB/s, one thread",
                        "MB allocated"),
                rows);
        report.text("* target ≥ %.0f× on every row with one thread: **%s**; reach for ≥ %.0f×: **%s**"
                .formatted(TARGET, least >= TARGET ? "met" : "missed", REACH, least >= REACH ? "met" : "missed"));
        report.text("");
        report.text("### One sliver verified, µs, one thread");
        report.table(List.of("", "naive twin", "Vibrissa", "ratio", "MB allocated"), slivers);
        report.text("* target ≥ %.0f× the naive twin: **%s**"
                .formatted(TWIN_TARGET, leastOfTwin >= TWIN_TARGET ? "met" : "missed"));
    }

    private static boolean same(List<CodecTimes> sides, Function<CodecTimes, String> output) {
        return sides.stream().map(output).distinct().count() == 1;
    }

    private static double median(List<CodecTimes> rounds, String operation) {
        return Report.median(rounds.stream()
                .flatMap(round -> round.times().getOrDefault(operation, List.of()).stream())
                .mapToDouble(Double::doubleValue)
                .toArray());
    }

    private static CodecTimes read(String printed) throws IOException {
        return JSON.readValue(printed, CodecTimes.class);
    }

    /** A JVM of its own, so that rounds are alike; the serial collector, so that no second thread helps. */
    private static List<String> worker(Options options, Path file, int threads) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms5g",
                "-Xmx5g",
                "-XX:+UseSerialGC",
                "--add-modules",
                Kernel.VECTOR_MODULE));
        options.kernel().ifPresent(kernel -> command.add("-D%s=%s".formatted(Kernel.PROPERTY, kernel)));
        command.addAll(List.of(
                "-cp",
                Path.of(System.getProperty("java.class.path")).toAbsolutePath().toString(),
                CodecWorker.class.getName(),
                file.toString(),
                "" + SHARDS,
                "" + options.repetitions(),
                "" + threads));
        return command;
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static Path randomFile(int mib) throws IOException {
        Path file = Files.createTempFile("vibrissa-bench", ".blob");
        var random = new Random(mib);
        byte[] chunk = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < mib; i++) {
                random.nextBytes(chunk);
                out.write(chunk);
            }
        }
        return file;
    }

    private static void kernels(Report report) throws RunnerException {
        report.text("");
        report.text("### Kernels (JMH), one thread");
        var rows = new ArrayList<List<String>>();
        for (RunResult result : new Runner(new OptionsBuilder()
                        .include(CodecKernelBenchmark.class.getName() + "\\..*")
                        .addProfiler(GCProfiler.class)
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build())
                .run()) {
            var parameters = result.getParams();
            rows.add(List.of(
                    result.getPrimaryResult().getLabel(),
                    parameters.getParam("kernel"),
                    parameters.getParam("symbolBytes"),
                    number(result.getPrimaryResult().getScore()),
                    "± %s".formatted(number(result.getPrimaryResult().getScoreError())),
                    number(Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                            .getScore())));
        }
        rows.sort((a, b) -> (a.get(0) + a.get(2) + a.get(1)).compareTo(b.get(0) + b.get(2) + b.get(1)));
        report.table(List.of("", "kernel", "bytes per symbol", "µs", "", "bytes allocated"), rows);
    }

    /** What either side prints. */
    record CodecTimes(
            String version,
            String node,
            String blobId,
            String slivers,
            String decoded,
            Map<String, List<Double>> times,
            Map<String, Double> allocatedMegabytes) {
        CodecTimes {
            allocatedMegabytes = Optional.ofNullable(allocatedMegabytes).orElse(Map.of());
            times = times.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }
    }

    static String json(CodecTimes times) throws IOException {
        return new String(JSON.writeValueAsBytes(times), StandardCharsets.UTF_8);
    }
}
