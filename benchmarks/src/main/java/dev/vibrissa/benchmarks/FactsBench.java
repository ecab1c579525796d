package dev.vibrissa.benchmarks;

import dev.vibrissa.benchmarks.FactTables.Streams;
import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.project.Projections;
import dev.vibrissa.indexer.write.ChainState;
import dev.vibrissa.indexer.write.FactWriter;
import dev.vibrissa.indexer.write.FactWriter.Accepted;
import dev.vibrissa.indexer.write.Strays;
import dev.vibrissa.indexer.write.Watermarks;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.EmbeddedPostgres;
import dev.vibrissa.migrations.EmbeddedPostgresConfig;
import dev.vibrissa.migrations.Schema;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Facts into PostgreSQL: our writer beside plain COPY of the same rows, with the same tables, indexes and commit size.
 *
 * <p>Both sides have everything they store in memory before the clock starts. Every round gets a new database and both
 * sides their turn, the other first each time.
 */
final class FactsBench implements AutoCloseable {
    /** As the indexer commits when it is behind. */
    private static final int BATCH_CHECKPOINTS = Ingest.Limits.ofThisMachine().batchCheckpoints();

    private static final int SOURCE_ID = 1; // the first of a new database
    private static final String TEMPLATE = "bench_template";

    private final EmbeddedPostgres postgres;
    private final Database admin;
    private final WalrusNetwork network;
    private int databases;

    /** One run of one side: how long it took and the rows that were there in the end. */
    record Run(double seconds, String sha256) {}

    /**
     * Both sides, round by round.
     *
     * @param rows stored in one run
     * @param sha256 of the rows as our writer stored them first
     */
    record Measured(long rows, long checkpoints, int commits, String sha256, List<Run> reference, List<Run> ours) {
        boolean equal() {
            return Stream.concat(reference.stream(), ours.stream()).allMatch(run -> run.sha256.equals(sha256));
        }

        double rowsPerSecond(List<Run> runs) {
            return rows / Report.median(runs.stream().mapToDouble(Run::seconds).toArray());
        }
    }

    /** A run with the projections folded in the same commits. */
    record Folded(long rows, double rowsPerSecond) {}

    private FactsBench(EmbeddedPostgres postgres, WalrusNetwork network) throws SQLException {
        this.postgres = postgres;
        this.network = network;
        this.admin = database("postgres");
        try (Connection db = admin.connect()) {
            requireDurable(db);
            execute(db, "create database " + TEMPLATE);
        }
        Schema.migrate(database(TEMPLATE));
    }

    /** Starts a PostgreSQL of its own in {@code folder}. */
    static FactsBench start(Path folder, WalrusNetwork network) throws SQLException {
        var postgres = EmbeddedPostgres.start(folder, EmbeddedPostgresConfig.defaults());
        try {
            return new FactsBench(postgres, network);
        } catch (SQLException | RuntimeException fault) {
            postgres.close();
            throw fault;
        }
    }

    @Override
    public void close() {
        postgres.close();
    }

    String postgresVersion() throws SQLException {
        try (Connection db = admin.connect()) {
            return ask(db, "show server_version");
        }
    }

    Measured measure(Corpus corpus, long wantedRows, int rounds) throws SQLException {
        var batches = new ArrayList<List<Accepted>>();
        var streams = new ArrayList<Streams>();
        long rows = 0;
        long checkpoints = 0;
        String sha256;
        var replicas = new Replicas(corpus, network);
        // The run that makes the reference's streams is also the warm-up of ours.
        String first = newDatabase();
        try (Connection db = open(first)) {
            var state = ChainState.open(db, network, Optional.empty());
            source(db, state);
            for (int k = 0; rows < wantedRows; k++) {
                List<Accepted> replica = replicas.facts(k, SOURCE_ID);
                for (int from = 0; from < replica.size(); from += BATCH_CHECKPOINTS) {
                    var batch = List.copyOf(replica.subList(from, Math.min(from + BATCH_CHECKPOINTS, replica.size())));
                    rows += store(db, state, batch);
                    checkpoints += batch.size();
                    batches.add(batch);
                    streams.add(FactTables.read(
                            db,
                            batch.getFirst().sequenceNumber(),
                            batch.getLast().sequenceNumber()));
                }
            }
            db.commit();
            sha256 = FactTables.sha256(db);
        }
        drop(first);
        copy(streams); // warm-up of the reference
        var reference = new ArrayList<Run>();
        var ours = new ArrayList<Run>();
        for (int round = 0; round < rounds; round++) {
            if (round % 2 == 0) {
                reference.add(copy(streams));
                ours.add(write(batches));
            } else {
                ours.add(write(batches));
                reference.add(copy(streams));
            }
        }
        return new Measured(rows, checkpoints, batches.size(), sha256, List.copyOf(reference), List.copyOf(ours));
    }

    private Run copy(List<Streams> streams) throws SQLException {
        return inNewDatabase((db, state) -> {
            for (Streams batch : streams) {
                FactTables.store(db, batch);
                db.commit();
            }
        });
    }

    private Run write(List<List<Accepted>> batches) throws SQLException {
        return inNewDatabase((db, state) -> {
            for (List<Accepted> batch : batches) {
                store(db, state, batch);
            }
        });
    }

    /** One commit as {@code Ingest} makes it, but for the projections. */
    private static long store(Connection db, ChainState state, List<Accepted> batch) throws SQLException {
        Watermarks.extend(db, batch);
        long rows = FactWriter.write(db, Strays.takeIn(db, batch));
        db.commit();
        return rows;
    }

    /** The same commit with the projections, each scenario once into a database of its own. */
    List<Folded> measureFolded(Corpus corpus, int rounds) throws SQLException {
        var scenarios = corpus.byScenario();
        var folded = new ArrayList<Folded>();
        for (int round = -1; round < rounds; round++) { // one more, to warm up
            long rows = 0;
            double seconds = 0;
            for (Corpus scenario : scenarios) {
                long[] stored = new long[1];
                List<Accepted> batch = new Replicas(scenario, network).facts(0, SOURCE_ID);
                seconds += inNewDatabase((db, state) -> {
                            for (int from = 0; from < batch.size(); from += BATCH_CHECKPOINTS) {
                                var part = batch.subList(from, Math.min(from + BATCH_CHECKPOINTS, batch.size()));
                                Watermarks.extend(db, part);
                                var complete = Strays.takeIn(db, part);
                                stored[0] += FactWriter.write(db, complete);
                                Projections.fold(db, complete);
                                db.commit();
                            }
                        })
                        .seconds();
                rows += stored[0];
            }
            if (round >= 0) {
                folded.add(new Folded(rows, rows / seconds));
            }
        }
        return List.copyOf(folded);
    }

    private interface Work {
        void run(Connection db, ChainState state) throws SQLException;
    }

    /** Times {@code work} in a database that nobody used before, and reads back what it stored. */
    private Run inNewDatabase(Work work) throws SQLException {
        String name = newDatabase();
        Run run;
        try (Connection db = open(name)) {
            var state = ChainState.open(db, network, Optional.empty());
            source(db, state);
            long start = System.nanoTime();
            work.run(db, state);
            double seconds = (System.nanoTime() - start) / 1e9;
            run = new Run(seconds, FactTables.sha256(db));
            db.rollback();
        }
        drop(name);
        return run;
    }

    private String newDatabase() throws SQLException {
        String name = "bench_" + ++databases;
        try (Connection db = admin.connect()) {
            execute(db, "create database %s template %s".formatted(name, TEMPLATE));
            execute(db, "checkpoint"); // so that no round pays for the one before
        }
        return name;
    }

    private void drop(String name) throws SQLException {
        try (Connection db = admin.connect()) {
            execute(db, "drop database " + name);
        }
    }

    private Connection open(String name) throws SQLException {
        Connection db = database(name).connect();
        db.setAutoCommit(false);
        return db;
    }

    private Database database(String name) {
        return new Database(
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(postgres.port(), name),
                postgres.user(),
                postgres.password());
    }

    private static void source(Connection db, ChainState state) throws SQLException {
        int id = state.sourceId("directory", "bench");
        if (id != SOURCE_ID) {
            throw new IllegalStateException("source %d in a new database".formatted(id));
        }
        db.commit();
    }

    /** Figures without durability would be worth nothing. */
    private static void requireDurable(Connection db) throws SQLException {
        for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
            String value = ask(db, "show " + setting);
            if (!value.equals("on")) {
                throw new IllegalStateException("%s is %s, not on".formatted(setting, value));
            }
        }
    }

    private static String ask(Connection db, String query) throws SQLException {
        try (Statement statement = db.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void execute(Connection db, String sql) throws SQLException {
        try (Statement statement = db.createStatement()) {
            statement.execute(sql);
        }
    }
}
