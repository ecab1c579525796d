package dev.vibrissa.benchmarks;

import static dev.vibrissa.benchmarks.Report.number;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.benchmarks.ApiQuestions.Endpoint;
import dev.vibrissa.migrations.EmbeddedPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * {@code ./vibrissa bench api}: how fast the API answers when there are many blobs. The role api runs in a process of its own
 * over a database that is filled once and kept.
 */
final class ApiBench {
    private static final double POINT_TARGET_MILLIS = 20; // p99
    private static final double GROWTH_TARGET = 1.5; // of lists, to a database of a million
    private static final long MILLION = 1_000_000;
    private static final int PATHS = 4000;
    private static final int PAGES = 20;
    private static final Duration START_DEADLINE = Duration.ofMinutes(15);
    private static final Duration READY_DEADLINE = Duration.ofSeconds(60);
    private static final Pattern STARTED = Pattern.compile("serving ");
    private static final String USAGE = """
            usage: bench api [--objects N] [--folder DIR] [--seconds N] [--point-rate N] [--list-rate N] [--only TEXT]
                             [--out FILE]

              --objects N     blob objects in the database, a multiple of 80              (1000000)
              --folder DIR    where databases are kept; one that is there is used again   (~/.local/share/vibrissa-bench)
              --seconds N     how long each endpoint is asked                             (10)
              --point-rate N  requests a second for one blob, object, address, …          (500)
              --list-rate N   requests a second for a page of a list                      (25)
              --only TEXT     endpoints whose name has it                                 (all)
              --out FILE      write the page there too

            Before a database is filled, 9 GB must be free for 1,000,000 objects and 81 GB for 20,000,000. Exit code 0: every
            request was answered with 200; 1: not; 2: wrong usage. A missed target is printed but is no failure: it depends on the machine.
            """;

    private final Options options;
    private final FilledDatabase filled;
    private final Report report = new Report();

    record Options(
            long objects, Path folder, Duration each, int pointRate, int listRate, String only, Optional<Path> out) {
        static Options parse(String... arguments) {
            var options = new TreeMap<>(Map.of(
                    "--objects", "1000000",
                    "--folder", usualFolder().toString(),
                    "--seconds", "10",
                    "--point-rate", "500",
                    "--list-rate", "25",
                    "--only", "",
                    "--out", ""));
            for (int i = 0; i < arguments.length; i += 2) {
                if (i + 1 == arguments.length) {
                    throw new IllegalArgumentException("%s needs a value".formatted(arguments[i]));
                }
                if (options.put(arguments[i], arguments[i + 1]) == null) {
                    throw new IllegalArgumentException("unknown option %s".formatted(arguments[i]));
                }
            }
            String out = options.getOrDefault("--out", "");
            return new Options(
                    positive(options, "--objects"),
                    Path.of(options.getOrDefault("--folder", "")),
                    Duration.ofSeconds(positive(options, "--seconds")),
                    Math.toIntExact(positive(options, "--point-rate")),
                    Math.toIntExact(positive(options, "--list-rate")),
                    options.getOrDefault("--only", ""),
                    out.isEmpty() ? Optional.empty() : Optional.of(Path.of(out)));
        }

        private static long positive(Map<String, String> options, String name) {
            long value = Long.parseUnsignedLong(options.getOrDefault(name, ""));
            if (value <= 0) {
                throw new IllegalArgumentException("%s is %d, and at least 1 is needed".formatted(name, value));
            }
            return value;
        }

        private static Path usualFolder() {
            return Path.of(System.getProperty("user.home"), ".local", "share", "vibrissa-bench");
        }
    }

    /** Milliseconds; of processor time for each request. */
    private record Figures(double p50, double p95, double p99, double apiCpu, double postgresCpu, int failed) {}

    private ApiBench(Options options) {
        this.options = options;
        this.filled = new FilledDatabase(options.folder(), options.objects());
    }

    /** @return the exit code */
    static int run(String[] arguments) throws Exception {
        ApiBench bench;
        try {
            bench = new ApiBench(Options.parse(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(USAGE);
            return 2;
        }
        Path folder = Files.createTempDirectory("vibrissa-bench-api");
        try {
            bench.measure(folder);
        } finally {
            FilledDatabase.delete(folder);
        }
        String page = bench.report.markdown();
        System.out.print(page);
        if (bench.options.out().isPresent()) {
            Files.writeString(bench.options.out().get(), page);
        }
        return bench.report.hasFailed() ? 1 : 0;
    }

    private void measure(Path folder) throws Exception {
        report.text("## `./vibrissa bench api`");
        report.text("");
        report.text(Machine.description());
        report.text("");
        report.text(filled.ensure());
        int port = freePort();
        try (var up = Program.start(
                        Machine.project(),
                        folder,
                        "up",
                        "--roles=api",
                        "--network=custom",
                        "--port=" + port,
                        "--data=" + filled.data());
                var loop = new OpenLoop(URI.create("http://127.0.0.1:" + port))) {
            awaitReady(up, loop);
            var database = EmbeddedPostgres.running(filled.data().resolve("postgres"))
                    .orElseThrow(() -> new IOException("the database does not run"));
            var same = new SameStatements(database, filled.data().resolve("postgres/log"), folder);
            var figures = new TreeMap<String, Figures>();
            var rows = new ArrayList<List<String>>();
            var endpoints = ApiQuestions.all().stream()
                    .filter(each -> each.name().contains(options.only()))
                    .toList();
            for (Endpoint endpoint : warmUp(loop, endpoints)) {
                try {
                    rows.add(row(endpoint, up, loop, same, figures));
                    System.err.println(String.join(" | ", rows.getLast()));
                } catch (IOException e) { // one question that is not answered must not cost the figures of the others
                    unanswered(endpoint, e);
                    if (!up.isAlive()) {
                        throw e;
                    }
                }
            }
            print(
                    rows,
                    figures,
                    endpoints.stream()
                            .filter(each -> figures.containsKey(each.name()))
                            .toList());
            if (options.only().isEmpty() && figures.size() == endpoints.size()) {
                keep(figures);
            }
        }
    }

    private static void awaitReady(Program up, OpenLoop loop) throws IOException, InterruptedException {
        up.awaitOutput(STARTED, START_DEADLINE);
        long until = System.nanoTime() + READY_DEADLINE.toNanos();
        while (true) {
            try {
                loop.ask("/v1/network");
                return;
            } catch (IOException e) {
                if (System.nanoTime() > until || !up.isAlive()) {
                    throw new IOException("%s; up said last: %s".formatted(e.getMessage(), up.lastLines()), e);
                }
                Thread.sleep(200);
            }
        }
    }

    private void unanswered(Endpoint endpoint, IOException why) {
        report.claim("%s is answered: %s".formatted(endpoint.name(), why), false);
        System.err.println("%s: %s".formatted(endpoint.name(), why));
    }

    /** Until the compilers are done with most of it; whatever is not answered at all is told at once, and not asked again. */
    private List<Endpoint> warmUp(OpenLoop loop, List<Endpoint> all) throws InterruptedException {
        var endpoints = new ArrayList<Endpoint>();
        for (Endpoint endpoint : all) {
            try {
                var _ = loop.ask(ApiQuestions.draw(endpoint, options.objects(), 1, new Random(0))
                        .getFirst());
                endpoints.add(endpoint);
            } catch (IOException e) {
                unanswered(endpoint, e);
            }
        }
        var paths = new ArrayList<String>();
        for (int turn = 0; turn < 20; turn++) {
            for (Endpoint endpoint : endpoints) {
                if (endpoint.isPoint()) {
                    paths.addAll(ApiQuestions.draw(endpoint, options.objects(), 1, new Random(turn)));
                }
            }
        }
        if (!paths.isEmpty()) {
            var _ = loop.run(
                    paths, Math.max(1, options.pointRate() / 4), options.each().multipliedBy(2));
        }
        return endpoints;
    }

    private List<String> row(
            Endpoint endpoint, Program up, OpenLoop loop, SameStatements same, Map<String, Figures> figures)
            throws IOException, InterruptedException, SQLException {
        int rate = endpoint.isPoint() ? options.pointRate() : options.listRate();
        var paths = paths(endpoint, loop);
        var _ = loop.run(
                paths.reversed(), rate, options.each().dividedBy(5)); // of the compilers, and of idle connections
        var before = cpu(up);
        var outcome = loop.run(paths, rate, options.each());
        var after = cpu(up);
        var latencies = outcome.latencies();
        var found = new Figures(
                latencies.percentileMillis(50),
                latencies.percentileMillis(95),
                latencies.percentileMillis(99),
                after.api().minus(before.api()).toNanos() / 1e6 / latencies.count(),
                after.postgres().minus(before.postgres()).toNanos() / 1e6 / latencies.count(),
                outcome.failed());
        var row = new ArrayList<>(List.of(
                endpoint.name(),
                Integer.toString(rate),
                number(found.p50()),
                number(found.p95()),
                number(found.p99()),
                number(found.apiCpu()),
                number(found.postgresCpu()),
                Integer.toString(found.failed())));
        row.addAll(pgbench(up, loop, same, paths, rate));
        figures.put(endpoint.name(), found);
        return row;
    }

    private List<String> pgbench(Program up, OpenLoop loop, SameStatements same, List<String> paths, int rate)
            throws IOException, InterruptedException, SQLException {
        var pgbench = SameStatements.pgbench();
        if (pgbench.isEmpty()) {
            return List.of("–", "–", "–");
        }
        var asked = paths.subList(0, Math.min(paths.size(), SameStatements.MOST_SCRIPTS));
        var scripts = same.of(() -> {
            for (String path : asked) {
                loop.tryAsking(path);
            }
        });
        if (scripts.isEmpty()) {
            return List.of("–", "–", "–");
        }
        var before = cpu(up);
        var latencies = same.again(pgbench.get(), scripts, rate, options.each());
        var after = cpu(up);
        return List.of(
                number(latencies.percentileMillis(50)),
                number(latencies.percentileMillis(99)),
                number(after.postgres().minus(before.postgres()).toNanos() / 1e6 / latencies.count()));
    }

    /** Of a list that is the same for everybody its first pages; else what belongs to objects drawn at random. */
    private List<String> paths(Endpoint endpoint, OpenLoop loop) throws IOException, InterruptedException {
        var drawn = ApiQuestions.draw(
                endpoint, options.objects(), PATHS, new Random(endpoint.name().hashCode()));
        if (drawn.stream().distinct().limit(2).count() > 1) {
            return drawn;
        }
        var paths = new ArrayList<String>();
        String first = drawn.getFirst();
        var json = new ObjectMapper();
        String next = first;
        while (paths.size() < PAGES) {
            paths.add(next);
            var cursor = json.readTree(loop.ask(next)).path("next");
            if (!cursor.isTextual()) {
                break;
            }
            next = first + (first.contains("?") ? "&" : "?") + "cursor=" + cursor.asText();
        }
        return paths;
    }

    private record Cpu(Duration api, Duration postgres) {}

    private static Cpu cpu(Program up) throws IOException {
        return new Cpu(ProcessUsage.cpu(up.handle()), ProcessUsage.cpuOfDescendants(up.handle()));
    }

    private void print(List<List<String>> rows, Map<String, Figures> figures, List<Endpoint> endpoints)
            throws IOException {
        var before = options.objects() == MILLION ? Map.<String, Figures>of() : kept(MILLION);
        report.table(
                List.of(
                        "endpoint",
                        "requests/s",
                        "p50 ms",
                        "p95 ms",
                        "p99 ms",
                        "CPU-ms API",
                        "CPU-ms PostgreSQL",
                        "failed",
                        "pgbench p50 ms",
                        "pgbench p99 ms",
                        "pgbench CPU-ms PostgreSQL",
                        "p50 to 1 M"),
                rows.stream()
                        .map(row -> with(row, growth(row.getFirst(), figures, before)))
                        .toList());
        report.text("* latency from the time that a request was meant for; %s; load average after %.2f"
                .formatted(
                        SameStatements.pgbench()
                                .map(path -> "beside it %s, the statements of up to %d of the same requests"
                                        .formatted(path, SameStatements.MOST_SCRIPTS))
                                .orElse("no pgbench is on the PATH, so nothing stands beside it"),
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
        report.claim(
                "every request was answered with 200", figures.values().stream().allMatch(each -> each.failed() == 0));
        report.text("* target p99 of one thing ≤ %.0f ms at %d requests/s: **%s**"
                .formatted(
                        POINT_TARGET_MILLIS,
                        options.pointRate(),
                        missing(endpoints.stream()
                                .filter(each ->
                                        each.isPoint() && figure(figures, each).p99() > POINT_TARGET_MILLIS)
                                .map(Endpoint::name)
                                .toList())));
        if (!before.isEmpty()) {
            report.text("* target p50 of lists ≤ %.1f× of 1 M: **%s**"
                    .formatted(
                            GROWTH_TARGET,
                            missing(endpoints.stream()
                                    .filter(each -> !each.isPoint()
                                            && before.containsKey(each.name())
                                            && figure(figures, each).p50()
                                                    > GROWTH_TARGET
                                                            * figure(before, each)
                                                                    .p50())
                                    .map(Endpoint::name)
                                    .toList())));
        }
    }

    private static Figures figure(Map<String, Figures> figures, Endpoint endpoint) {
        var found = figures.get(endpoint.name());
        if (found == null) {
            throw new IllegalStateException("no figures of " + endpoint.name());
        }
        return found;
    }

    private static String missing(List<String> names) {
        return names.isEmpty() ? "met" : "missed by " + String.join("; ", names);
    }

    private static List<String> with(List<String> row, String last) {
        var all = new ArrayList<>(row);
        all.add(last);
        return all;
    }

    private static String growth(String name, Map<String, Figures> figures, Map<String, Figures> before) {
        var now = figures.get(name);
        var then = before.get(name);
        return now == null || then == null ? "–" : "%.2f×".formatted(now.p50() / then.p50());
    }

    /** Figures of a database are kept beside it, to be compared with those of another. */
    private void keep(Map<String, Figures> figures) throws IOException {
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(file(options.objects()).toFile(), figures);
    }

    private Map<String, Figures> kept(long objects) throws IOException {
        Path file = file(objects);
        var json = new ObjectMapper();
        return Files.exists(file)
                ? json.readValue(
                        file.toFile(),
                        json.getTypeFactory().constructMapType(TreeMap.class, String.class, Figures.class))
                : Map.of();
    }

    private Path file(long objects) {
        return options.folder().resolve("figures-%d.json".formatted(objects));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
