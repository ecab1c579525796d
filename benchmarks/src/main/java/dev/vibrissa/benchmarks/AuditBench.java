package dev.vibrissa.benchmarks;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.migrations.EmbeddedPostgres;
import dev.vibrissa.migrations.EmbeddedPostgresConfig;
import dev.vibrissa.migrations.Schema;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * {@code ./vibrissa bench audit}: what it costs to ask for slivers and prove them, beside asking for the same bytes and
 * proving nothing, and what a whole round takes.
 */
final class AuditBench {
    private static final List<Integer> SIZES = List.of(1, 32);
    private static final int WORKER_MEBIBYTES = 300;
    private static final long DEADLINE_MINUTES = 30;
    private static final double MIB = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String USAGE = """
            usage: bench audit [--rounds N] [--out FILE]

              --rounds N   times that all thousand slivers of a blob are asked for, counted   (5)
              --out FILE   write the page there too
            """;

    private AuditBench() {}

    static int run(String[] arguments) throws Exception {
        var options = new TreeMap<>(Map.of("--rounds", "5", "--out", ""));
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length || options.put(arguments[i], arguments[i + 1]) == null) {
                System.err.println(USAGE);
                return 2;
            }
        }
        var report = new Report();
        report.text("## `./vibrissa bench audit`");
        report.text("");
        report.text(Machine.description());
        Path folder = Files.createTempDirectory("vibrissa-bench-");
        Process nodes = java("AuditedNodes", "-Xmx1500m", folder.toString());
        try {
            awaitReady(nodes);
            slivers(report, folder, options.getOrDefault("--rounds", ""));
            round(report, folder);
        } finally {
            nodes.destroy();
            nodes.waitFor();
            delete(folder);
        }
        System.out.print(report.markdown());
        String out = options.getOrDefault("--out", "");
        if (!out.isEmpty()) {
            Files.writeString(Path.of(out), report.markdown());
        }
        return report.hasFailed() ? 1 : 0;
    }

    /** A class of this package in a JVM of its own. */
    private static Process java(String name, String memory, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                memory,
                "-cp",
                System.getProperty("java.class.path"),
                AuditBench.class.getPackageName() + "." + name));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void awaitReady(Process nodes) throws IOException {
        BufferedReader out = nodes.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.equals("ready")) {
                return;
            }
        }
        throw new IOException("the storage nodes did not start");
    }

    private static void worker(String... arguments) throws IOException, InterruptedException {
        Process worker = java("AuditWorker", "-Xmx%dm".formatted(WORKER_MEBIBYTES), arguments);
        try {
            if (!worker.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES) || worker.exitValue() != 0) {
                throw new IOException("the auditor failed at %s".formatted(List.of(arguments)));
            }
        } finally {
            worker.destroyForcibly();
        }
    }

    private static void slivers(Report report, Path folder, String rounds) throws IOException, InterruptedException {
        var rows = new ArrayList<List<String>>();
        boolean same = true;
        var ratios = new ArrayList<String>();
        for (int mib : SIZES) {
            worker("probes", folder.toString(), Integer.toString(mib), rounds);
            List<AuditWorker.Speed> speeds =
                    JSON.readValue(folder.resolve("probes.json").toFile(), new TypeReference<>() {});
            same &= speeds.stream().map(AuditWorker.Speed::sha256).distinct().count() == 1;
            for (String how : List.of("probe", "download", "verify")) {
                var of = speeds.stream().filter(each -> each.how().equals(how)).toList();
                rows.add(List.of(
                        "%s, %d MiB".formatted(how, mib),
                        Report.number(perCore(of)),
                        Report.number(median(of, each -> each.slivers() / each.seconds())),
                        Report.number(median(of, each -> each.cpuSeconds() / each.slivers() * 1e6)),
                        how.equals("probe")
                                ? Report.number(median(of, each -> (double) each.wireBytes() / each.slivers()))
                                : "–",
                        Report.number(median(of, each -> (double) each.bodyBytes() / each.slivers()))));
            }
            ratios.add("%d MiB: %s×"
                    .formatted(
                            mib,
                            Report.number(perCore(speeds.stream()
                                            .filter(each -> each.how().equals("probe"))
                                            .toList())
                                    / perCore(speeds.stream()
                                            .filter(each -> each.how().equals("download"))
                                            .toList()))));
        }
        report.table(
                List.of(
                        "n = 1000",
                        "slivers a CPU second",
                        "slivers a second",
                        "CPU µs each",
                        "wire bytes each",
                        "body bytes each"),
                rows);
        report.text("Slivers a CPU second, probe to download: %s.".formatted(String.join("; ", ratios)));
        report.claim("the same bodies on all sides (SHA-256 over all of each pass)", same);
    }

    private static double perCore(List<AuditWorker.Speed> speeds) {
        return median(speeds, each -> each.slivers() / each.cpuSeconds());
    }

    private static double median(List<AuditWorker.Speed> speeds, ToDoubleFunction<AuditWorker.Speed> figure) {
        return Report.median(speeds.stream().mapToDouble(figure).toArray());
    }

    private static void round(Report report, Path folder) throws Exception {
        try (var postgres = EmbeddedPostgres.start(folder.resolve("postgres"), EmbeddedPostgresConfig.defaults())) {
            Schema.migrate(postgres.database());
            try (Connection db = postgres.database().connect()) {
                AuditedChain.fill(db, AuditedNodes.Known.read(folder));
            }
            worker("round", folder.toString(), postgres.jdbcUrl(), postgres.user(), postgres.password());
        }
        var round = JSON.readValue(folder.resolve("round.json").toFile(), AuditWorker.Round.class);
        report.text("");
        report.text(
                "A round of method v1 over %d nodes: %d probes, %d served, in %s s; %s CPU ms a probe, log included; heap at most %s MiB, resident at most %s MiB."
                        .formatted(
                                AuditedNodes.NODES,
                                round.probes(),
                                round.served(),
                                Report.number(round.seconds()),
                                Report.number(round.cpuSeconds() * 1000 / round.probes()),
                                Report.number(round.heapBytes() / MIB),
                                Report.number(round.residentBytes() / MIB)));
        report.claim("it ends with a heap of %d MiB".formatted(WORKER_MEBIBYTES), round.probes() > 0);
        report.claim("every probe of an honest node is served", round.served() == round.probes());
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
