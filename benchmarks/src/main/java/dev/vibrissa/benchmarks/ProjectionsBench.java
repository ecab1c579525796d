package dev.vibrissa.benchmarks;

import static dev.vibrissa.benchmarks.Report.number;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.project.Projection;
import dev.vibrissa.indexer.write.ChainState;
import dev.vibrissa.indexer.write.FactReader;
import dev.vibrissa.indexer.write.FactWriter;
import dev.vibrissa.indexer.write.FactWriter.Accepted;
import dev.vibrissa.indexer.write.Strays;
import dev.vibrissa.indexer.write.Watermarks;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.EmbeddedPostgres;
import dev.vibrissa.migrations.EmbeddedPostgresConfig;
import dev.vibrissa.migrations.Schema;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code ./vibrissa bench projections}: how fast stored facts are folded again, and whether a transaction costs more once
 * there are many.
 *
 * <p>A long history is the busy scenario again and again, with other identifiers. Each replica is a network of its own
 * whose epochs begin at 1, so tables keyed by epoch, which a real network fills with a row a fortnight, are emptied between
 * two of them; all others grow.
 */
final class ProjectionsBench {
    private static final double GROWTH_TARGET = 1.2;
    private static final int SOURCE_ID = 1; // the first of a new database
    private static final String USAGE = """
            usage: bench projections [--transactions N] [--scenario NAME] [--out FILE]

              --transactions N  folded in all, at least; a tenth is compared with the whole   (100000)
              --scenario NAME   of indexer/src/test/resources/scenarios                       (busy)
              --out FILE        write the page there too
            """;

    private final Connection db;
    private final List<Fold> folds = new ArrayList<>();

    /** One replica folded. */
    private record Fold(long transactions, double readSeconds, Map<Projection, Double> seconds) {
        double total() {
            return readSeconds
                    + seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    private ProjectionsBench(Connection db) {
        this.db = db;
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
        Path folder = Files.createTempDirectory("vibrissa-bench-");
        String page;
        try (var postgres = EmbeddedPostgres.start(folder, EmbeddedPostgresConfig.defaults())) {
            var database = new Database(
                    "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(postgres.port()),
                    postgres.user(),
                    postgres.password());
            Schema.migrate(database);
            try (Connection db = database.connect()) {
                db.setAutoCommit(false);
                var bench = new ProjectionsBench(db);
                bench.fold(corpus, wanted);
                page = bench.page(wanted);
            }
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

    private void fold(Corpus corpus, long wanted) throws SQLException {
        var network = WalrusNetwork.mainnet();
        var replicas = new Replicas(corpus, network);
        ChainState.open(db, network, Optional.empty()).sourceId("directory", "bench");
        long transactions = 0;
        for (int k = 0; transactions < wanted; k++) {
            var batch = replicas.facts(k, SOURCE_ID);
            store(batch);
            if (k > 0) {
                emptyTablesByEpoch();
            }
            var fold = fold(batch.getFirst().sequenceNumber(), batch.getLast().sequenceNumber());
            folds.add(fold);
            transactions += fold.transactions();
        }
    }

    private void store(List<Accepted> batch) throws SQLException {
        Watermarks.extend(db, batch);
        FactWriter.write(db, Strays.takeIn(db, batch));
        // A rebuild finds facts that autovacuum has long analysed.
        try (Statement statement = db.createStatement()) {
            statement.execute("analyze transaction, event, object_change, certificate");
        }
        db.commit();
    }

    /** As a rebuild does it: facts read back and folded in windows, each committed. */
    private Fold fold(long first, long last) throws SQLException {
        var reader = new FactReader(db, first);
        var seconds = new EnumMap<Projection, Double>(Projection.class);
        double readSeconds = 0;
        long transactions = 0;
        for (long next = first; next <= last; ) {
            long start = System.nanoTime();
            List<CheckpointFacts> facts = reader.read(next, reader.windowEnd(next, last));
            readSeconds += secondsSince(start);
            for (Projection projection : Projection.values()) {
                start = System.nanoTime();
                projection.fold(db, facts);
                seconds.merge(projection, secondsSince(start), Double::sum);
            }
            db.commit();
            transactions +=
                    facts.stream().mapToLong(CheckpointFacts::transactionCount).sum();
            next = facts.getLast().sequenceNumber() + 1;
        }
        return new Fold(transactions, readSeconds, seconds);
    }

    /** Of projections' tables, those whose key begins with an epoch. */
    private void emptyTablesByEpoch() throws SQLException {
        var tables = new ArrayList<String>();
        try (Statement statement = db.createStatement();
                var keys = statement.executeQuery("""
                        select c.conrelid::regclass::text as name
                        from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
                        where c.contype = 'p' and c.connamespace = 'public'::regnamespace and a.attname like '%epoch'
                        """)) {
            while (keys.next()) {
                tables.add(keys.getString(1));
            }
        }
        var owned = Arrays.stream(Projection.values())
                .flatMap(projection -> projection.tables().stream())
                .toList();
        tables.retainAll(owned);
        try (Statement statement = db.createStatement()) {
            for (String table : tables) {
                statement.execute("delete from " + table);
            }
        }
        db.commit();
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private String page(long wanted) throws Exception {
        long all = folds.stream().mapToLong(Fold::transactions).sum();
        int tenth = Math.max(1, folds.size() / 10);
        // The first replica warms the JVM and is left out; the others of the first tenth stand for small tables.
        var small = folds.subList(Math.min(1, folds.size() - 1), Math.max(2, tenth));
        var large = folds.subList(folds.size() - tenth, folds.size());
        var report = new Report();
        report.text("## `./vibrissa bench projections`");
        report.text("");
        report.text(Machine.description());
        report.text("");
        report.text("%s transactions wanted, %s folded in %s s: %s transactions/s"
                .formatted(
                        number(wanted),
                        number(all),
                        number(folds.stream().mapToDouble(Fold::total).sum()),
                        number(all / folds.stream().mapToDouble(Fold::total).sum())));
        var rows = new ArrayList<List<String>>();
        for (Projection projection : Projection.values()) {
            rows.add(row(projection.pipeline(), perTransaction(small, projection), perTransaction(large, projection)));
        }
        rows.add(row("reading facts", reading(small), reading(large)));
        double before = reading(small);
        double after = reading(large);
        for (Projection projection : Projection.values()) {
            before += perTransaction(small, projection);
            after += perTransaction(large, projection);
        }
        rows.add(row("all", before, after));
        report.table(List.of("", "µs a transaction, first tenth", "µs a transaction, last tenth", "growth"), rows);
        report.text("* target ≤ %.1f×: **%s**"
                .formatted(GROWTH_TARGET, after / before <= GROWTH_TARGET ? "met" : "missed"));
        return report.markdown();
    }

    private static List<String> row(String what, double before, double after) {
        return List.of(what, number(before), number(after), "%.2f×".formatted(after / before));
    }

    private static double perTransaction(List<Fold> folds, Projection projection) {
        return Report.median(folds.stream()
                .mapToDouble(fold -> 1e6 * fold.seconds().getOrDefault(projection, 0.0) / fold.transactions())
                .toArray());
    }

    private static double reading(List<Fold> folds) {
        return Report.median(folds.stream()
                .mapToDouble(fold -> 1e6 * fold.readSeconds() / fold.transactions())
                .toArray());
    }
}
