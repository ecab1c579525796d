package dev.vibrissa.benchmarks;

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
import dev.vibrissa.migrations.Schema;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A database into which replicas of a history are stored and folded one after the other.
 *
 * <p>Each replica is a network of its own, with operators of its own and epochs that begin at 1. A real network has some
 * hundred operators and a few rows a fortnight in tables keyed by epoch. So between two replicas those tables are emptied and
 * the operators' states are no longer the current ones; all else grows, histories of operators included.
 */
final class FoldedHistory implements AutoCloseable {
    private static final int SOURCE_ID = 1; // the first of a new database

    private static final List<String> OPERATORS = List.of("operator_profile", "operator_cap", "pool_state");

    private final Connection db;
    private final Replicas replicas;
    private int next;
    private long transactions;
    private double seconds;

    /**
     * One replica folded.
     *
     * @param before transactions that were folded before it
     */
    record Fold(long before, long transactions, double readSeconds, Map<Projection, Double> seconds) {
        double total() {
            return readSeconds
                    + seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    private FoldedHistory(Connection db, Replicas replicas) {
        this.db = db;
        this.replicas = replicas;
    }

    static FoldedHistory begin(EmbeddedPostgres postgres, String name, WalrusNetwork network, Replicas replicas)
            throws SQLException {
        String server = "jdbc:postgresql://127.0.0.1:%d/".formatted(postgres.port());
        try (Connection first = new Database(server + "postgres", postgres.user(), postgres.password()).connect();
                Statement statement = first.createStatement()) {
            statement.execute("create database " + name);
        }
        var database = new Database(server + name, postgres.user(), postgres.password());
        Schema.migrate(database);
        Connection db = database.connect();
        db.setAutoCommit(false);
        ChainState.open(db, network, Optional.empty()).sourceId("directory", "bench");
        return new FoldedHistory(db, replicas);
    }

    @Override
    public void close() throws SQLException {
        db.close();
    }

    long transactions() {
        return transactions;
    }

    /** Spent on reading facts and folding them. */
    double seconds() {
        return seconds;
    }

    /** The next replica, stored and folded. */
    Fold fold() throws SQLException {
        var replica = replicas.facts(next++, SOURCE_ID);
        store(replica);
        if (transactions > 0) {
            endNetwork();
        }
        var fold = fold(replica.getFirst().sequenceNumber(), replica.getLast().sequenceNumber());
        transactions += fold.transactions();
        seconds += fold.total();
        return fold;
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
        long count = 0;
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
            count += facts.stream().mapToLong(CheckpointFacts::transactionCount).sum();
            next = facts.getLast().sequenceNumber() + 1;
        }
        return new Fold(transactions, count, readSeconds, seconds);
    }

    /** Tables are truncated, for deleted rows would stay until a vacuum. */
    private void endNetwork() throws SQLException {
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
            statement.execute("truncate operator, " + String.join(", ", tables));
            for (String history : OPERATORS) {
                statement.execute("update %s set replaced_checkpoint = checkpoint where replaced_checkpoint is null"
                        .formatted(history));
            }
        }
        db.commit();
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
