package dev.vibrissa.benchmarks;

import static dev.vibrissa.benchmarks.Report.number;

import dev.vibrissa.benchmarks.FoldedHistory.Fold;
import dev.vibrissa.indexer.project.Projection;
import dev.vibrissa.migrations.EmbeddedPostgres;
import dev.vibrissa.migrations.EmbeddedPostgresConfig;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * {@code ./vibrissa bench projections}: how fast stored facts are folded again, and whether a transaction costs more once
 * there are many.
 *
 * <p>A long history is the busy scenario again and again, with other identifiers. Two databases are filled, one with a tenth
 * of the other; then the same replicas are folded into both by turns, so that whatever else the machine does meets both
 * alike. Their quotient is the growth.
 */
final class ProjectionsBench {
    private static final double GROWTH_TARGET = 1.2;
    private static final int SHARE_OF_SMALL = 10;
    private static final int ROUNDS = 15;

    // Room for both databases: work is measured, not what the first one that outgrows its memory begins to read again.
    private static final int SHARED_BUFFERS_MEBIBYTES = 2048;
    private static final int MAX_WAL_MEBIBYTES = 8192;

    private static final String USAGE = """
            usage: bench projections [--transactions N] [--scenario NAME] [--out FILE]

              --transactions N  folded in all, at least; a tenth is compared with the whole   (100000)
              --scenario NAME   of indexer/src/test/resources/scenarios                       (busy)
              --out FILE        write the page there too
            """;

    private final FoldedHistory small;
    private final FoldedHistory large;
    private final List<Fold> smallFolds = new ArrayList<>();
    private final List<Fold> largeFolds = new ArrayList<>();

    private ProjectionsBench(FoldedHistory small, FoldedHistory large) {
        this.small = small;
        this.large = large;
    }

    static int run(String[] arguments) throws Exception {
        var options = new TreeMap<>(Map.of("--transactions", "100000", "--scenario", "busy", "--out", ""));
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length || options.put(arguments[i], arguments[i + 1]) == null) {
                System.err.println(USAGE);
                return 2;
            }
        }
        long wanted = Long.parseLong(options.getOrDefault("--transactions", ""));
        var corpus = Corpus.read(List.of(Machine.project()
                .resolve("indexer/src/test/resources/scenarios")
                .resolve(options.getOrDefault("--scenario", ""))));
        var network = WalrusNetwork.mainnet();
        var replicas = new Replicas(corpus, network);
        Path folder = Files.createTempDirectory("vibrissa-bench-");
        String page;
        try (var postgres = EmbeddedPostgres.start(
                        folder,
                        EmbeddedPostgresConfig.defaults().withMemory(SHARED_BUFFERS_MEBIBYTES, MAX_WAL_MEBIBYTES));
                var small = FoldedHistory.begin(postgres, "small", network, replicas);
                var large = FoldedHistory.begin(postgres, "large", network, replicas)) {
            var bench = new ProjectionsBench(small, large);
            bench.fold(wanted);
            page = bench.page();
        } finally {
            delete(folder);
        }
        System.out.print(page);
        String out = options.getOrDefault("--out", "");
        if (!out.isEmpty()) {
            Files.writeString(Path.of(out), page);
        }
        return 0;
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void fold(long wanted) throws SQLException {
        long each = small.fold().transactions();
        long beforeRounds = Math.max(0, wanted - ROUNDS * each);
        while (large.transactions() < beforeRounds) {
            large.fold();
            if (small.transactions() < wanted / SHARE_OF_SMALL - ROUNDS * each / 2) { // on average it holds its share
                small.fold();
            }
        }
        for (int round = 0; round < ROUNDS; round++) {
            if (round % 2 == 0) { // neither is always the one that finds the processor's caches warm
                smallFolds.add(small.fold());
                largeFolds.add(large.fold());
            } else {
                largeFolds.add(large.fold());
                smallFolds.add(small.fold());
            }
        }
    }

    private String page() throws Exception {
        var report = new Report();
        report.text("## `./vibrissa bench projections`");
        report.text("");
        report.text(Machine.description());
        report.text("");
        report.text("%s transactions folded in %s s: %s transactions/s"
                .formatted(
                        number(large.transactions()),
                        number(large.seconds()),
                        number(large.transactions() / large.seconds())));
        var rows = new ArrayList<List<String>>();
        for (Projection projection : Projection.values()) {
            rows.add(row(projection.pipeline(), fold -> fold.seconds().getOrDefault(projection, 0.0)));
        }
        rows.add(row("reading facts", Fold::readSeconds));
        rows.add(row("all", Fold::total));
        report.table(
                List.of(
                        "",
                        "µs a transaction, after " + number(before(smallFolds)),
                        "µs a transaction, after " + number(before(largeFolds)),
                        "growth"),
                rows);
        double growth = perTransaction(largeFolds, Fold::total) / perTransaction(smallFolds, Fold::total);
        report.text("* medians of %d replicas, folded into both by turns; PostgreSQL with %d MiB of shared buffers"
                .formatted(ROUNDS, SHARED_BUFFERS_MEBIBYTES));
        report.text("* target ≤ %.1f×: **%s**".formatted(GROWTH_TARGET, growth <= GROWTH_TARGET ? "met" : "missed"));
        return report.markdown();
    }

    private List<String> row(String what, ToDoubleFunction<Fold> seconds) {
        double before = perTransaction(smallFolds, seconds);
        double after = perTransaction(largeFolds, seconds);
        return List.of(what, number(before), number(after), "%.2f×".formatted(after / before));
    }

    private static double before(List<Fold> folds) {
        return Report.median(folds.stream().mapToDouble(Fold::before).toArray());
    }

    private static double perTransaction(List<Fold> folds, ToDoubleFunction<Fold> seconds) {
        return Report.median(folds.stream()
                .mapToDouble(fold -> 1e6 * seconds.applyAsDouble(fold) / fold.transactions())
                .toArray());
    }
}
