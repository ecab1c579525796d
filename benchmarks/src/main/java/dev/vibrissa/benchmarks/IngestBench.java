package dev.vibrissa.benchmarks;

import static dev.vibrissa.benchmarks.Report.number;

import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code ./vibrissa bench ingest}: decoding and storing beside their references, as one Markdown page. */
final class IngestBench {
    private static final double DECODE_TARGET = 20; // times the TypeScript SDK
    private static final double FACTS_TARGET = 0.60; // of plain COPY
    private static final String USAGE = """
            usage: bench ingest [--data DIR] [--also DIR]... [--rounds N] [--rows N] [--only decode|facts] [--out FILE]

              --data DIR    folder of scenario folders with *.binpb.zst   (the project's own scenarios)
              --also DIR    decode the *.binpb.zst of this folder too
              --rounds N    rounds of each side, medians are printed      (3)
              --rows N      fact rows stored in one run                   (200000)
              --only X      decode or facts
              --out FILE    write the page there too

            Exit code 0: all outputs equal; 1: some differ or a reference did not run; 2: wrong usage. A missed target is
            printed but is no failure: it depends on the machine.
            """;

    private IngestBench() {}

    private record Options(
            Optional<Path> data,
            List<Path> also,
            int rounds,
            long rows,
            Optional<String> only,
            Optional<Path> out,
            Path project) {}

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
        var scenarios = scenarios(options);
        var report = new Report();
        report.text("## `./vibrissa bench ingest`");
        report.text("");
        report.text(Machine.description());
        if (!options.only().orElse("decode").equals("facts")) {
            var folders = new ArrayList<>(scenarios);
            folders.addAll(options.also());
            var typeScript = TypeScriptReference.in(options.project().resolve("benchmarks/typescript"));
            decode(report, DecodeBench.measure(Corpus.read(folders), typeScript, options.rounds()));
        }
        if (!options.only().orElse("facts").equals("decode")) {
            facts(report, Corpus.read(scenarios), options);
        }
        System.out.print(report.markdown());
        if (options.out().isPresent()) {
            Files.writeString(options.out().get(), report.markdown());
        }
        return report.hasFailed() ? 1 : 0;
    }

    private static void decode(Report report, DecodeBench.Measured measured) {
        double decode = median(measured.decode());
        double ours = median(measured.decodeAndExtract());
        var corpus = measured.corpus();
        report.text("");
        report.text("### Decoding, one thread");
        report.text("");
        report.text("%d checkpoints, %s bytes uncompressed, medians of %d rounds"
                .formatted(
                        corpus.files().size(),
                        number(corpus.bytes()),
                        measured.decode().size()));
        double bytes = (double) corpus.bytes() / corpus.files().size() / 1e6;
        var rows = new ArrayList<List<String>>();
        if (!measured.reference().isEmpty()) {
            var versions = measured.reference().getFirst();
            double whole = median(measured.reference().stream()
                    .map(TypeScriptReference.Measured::checkpointsPerSecond)
                    .toList());
            double bcsOnly = median(measured.reference().stream()
                    .map(TypeScriptReference.Measured::bcsOnlyCheckpointsPerSecond)
                    .toList());
            String sdk = "@mysten/sui %s, node %s".formatted(versions.sdkVersion(), versions.nodeVersion());
            rows.add(List.of(sdk + ": protobuf and BCS", number(whole), number(whole * bytes), "1"));
            rows.add(List.of(sdk + ": BCS alone", number(bcsOnly), number(bcsOnly * bytes), times(bcsOnly / whole)));
            rows.add(List.of(
                    "Vibrissa: protobuf and BCS", number(decode), number(decode * bytes), times(decode / whole)));
            rows.add(List.of(
                    "Vibrissa: protobuf, BCS and facts", number(ours), number(ours * bytes), times(ours / whole)));
            report.table(List.of("", "checkpoints/s", "MB/s", "ratio"), rows);
            report.claim("both decoders read the same, SHA-256 " + measured.sha256(), measured.equal());
            report.text("* target ≥ %.0f× with facts: **%s**; over BCS alone it is %s"
                    .formatted(DECODE_TARGET, ours / whole >= DECODE_TARGET ? "met" : "missed", times(ours / bcsOnly)));
        } else {
            rows.add(List.of("Vibrissa: protobuf and BCS", number(decode), number(decode * bytes), "-"));
            rows.add(List.of("Vibrissa: protobuf, BCS and facts", number(ours), number(ours * bytes), "-"));
            report.table(List.of("", "checkpoints/s", "MB/s", "ratio"), rows);
        }
        if (!measured.referenceUnavailable().isEmpty()) {
            report.claim("the reference ran (" + measured.referenceUnavailable() + ")", false);
        }
        report.text("* left out on both sides, because the SDK cannot decode them: %d%s"
                .formatted(
                        measured.leftOut().size(),
                        measured.leftOut().stream()
                                .map(each -> "; %s (%s)".formatted(each.name(), each.reason()))
                                .collect(Collectors.joining())));
    }

    private static void facts(Report report, Corpus corpus, Options options) throws Exception {
        Path folder = Files.createTempDirectory("vibrissa-bench-pg");
        try (var bench = FactsBench.start(folder.resolve("data"), WalrusNetwork.mainnet())) {
            var measured = bench.measure(corpus, options.rows(), options.rounds());
            var folded = bench.measureFolded(corpus, options.rounds());
            double reference = measured.rowsPerSecond(measured.reference());
            double ours = measured.rowsPerSecond(measured.ours());
            double projected =
                    median(folded.stream().map(FactsBench.Folded::rowsPerSecond).toList());
            report.text("");
            report.text("### Facts into PostgreSQL");
            report.text("");
            report.text("PostgreSQL %s, fsync on; %s rows of %s checkpoints in %d commits, medians of %d rounds"
                    .formatted(
                            bench.postgresVersion(),
                            number(measured.rows()),
                            number(measured.checkpoints()),
                            measured.commits(),
                            options.rounds()));
            report.table(
                    List.of("", "rows/s", "ratio"),
                    List.of(
                            List.of("plain binary COPY of the same rows", number(reference), "1"),
                            List.of("Vibrissa: facts and watermark", number(ours), number(ours / reference)),
                            List.of(
                                    "Vibrissa: facts, watermark and projections (%s rows, each scenario once)"
                                            .formatted(number(folded.getFirst().rows())),
                                    number(projected),
                                    number(projected / reference))));
            report.claim("both sides stored the same rows, SHA-256 " + measured.sha256(), measured.equal());
            report.text("* target ≥ %.0f %%: **%s**"
                    .formatted(FACTS_TARGET * 100, ours / reference >= FACTS_TARGET ? "met" : "missed"));
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static double median(List<Double> values) {
        return Report.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static String times(double ratio) {
        return "%.1f×".formatted(ratio);
    }

    private static Options parse(String[] arguments) {
        Optional<Path> data = Optional.empty();
        var also = new ArrayList<Path>();
        int rounds = 3;
        long rows = 200_000;
        Optional<String> only = Optional.empty();
        Optional<Path> out = Optional.empty();
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException("%s needs a value".formatted(arguments[i]));
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--data" -> data = Optional.of(Path.of(value));
                case "--also" -> also.add(Path.of(value));
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--rows" -> rows = Long.parseLong(value);
                case "--only" -> only = Optional.of(value);
                case "--out" -> out = Optional.of(Path.of(value));
                default -> throw new IllegalArgumentException("unknown option %s".formatted(arguments[i]));
            }
        }
        if (rounds < 1
                || rows < 1
                || only.filter(each -> !List.of("decode", "facts").contains(each))
                        .isPresent()) {
            throw new IllegalArgumentException("--rounds and --rows are positive, --only is decode or facts");
        }
        return new Options(data, List.copyOf(also), rounds, rows, only, out, Machine.project());
    }

    private static List<Path> scenarios(Options options) throws IOException {
        if (options.data().isPresent()) {
            return foldersIn(List.of(options.data().get()));
        }
        var candidates = new ArrayList<Path>();
        candidates.add(options.project().resolve("scenarios"));
        try (Stream<Path> modules = Files.list(options.project())) {
            modules.sorted()
                    .map(module -> module.resolve("src/test/resources/scenarios"))
                    .forEach(candidates::add);
        }
        return foldersIn(candidates);
    }

    /** The scenario folders in {@code parents}; one that several of them hold counts once. */
    private static List<Path> foldersIn(List<Path> parents) throws IOException {
        var folders = new ArrayList<Path>();
        for (Path parent : parents) {
            if (Files.isDirectory(parent)) {
                try (Stream<Path> children = Files.list(parent)) {
                    for (Path child :
                            children.filter(Files::isDirectory).sorted().toList()) {
                        if (holdsCheckpoints(child)
                                && folders.stream().noneMatch(each -> each.endsWith(child.getFileName()))) {
                            folders.add(child);
                        }
                    }
                }
            }
        }
        if (folders.isEmpty()) {
            throw new IOException("no scenarios in %s: give their folder with --data".formatted(parents));
        }
        return folders;
    }

    private static boolean holdsCheckpoints(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(Corpus.EXTENSION + ".zst"));
        }
    }
}
