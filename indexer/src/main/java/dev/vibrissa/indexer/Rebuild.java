package dev.vibrissa.indexer;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.project.Projection;
import dev.vibrissa.indexer.project.ShadowTables;
import dev.vibrissa.indexer.write.FactReader;
import dev.vibrissa.indexer.write.Watermarks;
import dev.vibrissa.migrations.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Folds projections again from the stored facts, beside the live ones, and puts the result in their place.
 *
 * <p>An indexer may go on meanwhile: the fold follows it, and holds it at the end for as long as the last facts and the
 * exchange take. Answers see the old tables or the new ones, never both: every request holds the watermarks shared from
 * before its first look on, and the exchange holds them alone. Whatever ends a rebuild early leaves the live tables as
 * they are; the next one drops its remains.
 */
public final class Rebuild {
    private static final Logger LOG = Logger.getLogger(Rebuild.class);

    /** How near the fold has to come to the indexer before the indexer is held. */
    private static final long NEAR_CHECKPOINTS = 50;

    /** Requests that come while we wait for those before us wait as long as we do. */
    private static final String LOCK_TIMEOUT = "set local lock_timeout = '2s'";

    private static final Duration BETWEEN_EXCHANGES = Duration.ofSeconds(3);

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK = "40P01";

    private final Database database;

    public Rebuild(Database database) {
        this.database = database;
    }

    /** The range that was folded. */
    public record Outcome(long first, long last) {}

    /**
     * Folds one projection again over the range that it covers, or over all facts if it covers none yet.
     *
     * @return empty if nothing is indexed
     * @throws IndexerBusyException if another rebuild works on the database, or a backfill that this one would miss
     * @throws dev.vibrissa.indexer.write.FactsOutdatedException if an older program stored the facts
     */
    public Optional<Outcome> run(Projection projection, Progress progress) throws SQLException, InterruptedException {
        if (!projection.isSum()) {
            return fold(EnumSet.of(projection), false, progress);
        }
        try (var _ = IndexerLock.BACKFILL
                .tryTake(database)
                .orElseThrow(() -> new IndexerBusyException(
                        "a backfill works on this database, and adds to " + projection.pipeline()))) {
            return fold(EnumSet.of(projection), false, progress);
        }
    }

    /** Folds every projection again over all facts, so that answers begin where the facts do. */
    Optional<Outcome> overAllFacts(Progress progress) throws SQLException, InterruptedException {
        var folds = EnumSet.allOf(Projection.class);
        folds.removeIf(Projection::isSum);
        return fold(folds, true, progress);
    }

    private Optional<Outcome> fold(Set<Projection> projections, boolean overAllFacts, Progress progress)
            throws SQLException, InterruptedException {
        try (var turn = IndexerLock.REBUILD.take(database, "another rebuild");
                Connection db = turn.connect()) {
            db.setAutoCommit(false);
            var facts = Watermarks.facts(db);
            if (facts.isEmpty()) {
                return Optional.empty();
            }
            long first = facts.get().first();
            if (!overAllFacts) {
                first = Watermarks.firstOf(db, projections.iterator().next().pipeline())
                        .orElse(first);
            }
            try {
                var shadow = ShadowTables.create(db, projections);
                db.commit();
                long last = new Fold(db, projections, shadow, first, overAllFacts, progress).run();
                return Optional.of(new Outcome(first, last));
            } catch (SQLException | RuntimeException | InterruptedException fault) {
                dropRemains(db, fault);
                throw fault;
            }
        }
    }

    private static void letRequestsIn() throws InterruptedException {
        Thread.sleep(BETWEEN_EXCHANGES);
    }

    private static void dropRemains(Connection db, Exception fault) {
        try {
            db.rollback();
            ShadowTables.drop(db);
            db.commit();
        } catch (SQLException gone) { // the next rebuild drops them
            fault.addSuppressed(gone);
        }
    }

    private static final class Fold {
        private final Connection db;
        private final Set<Projection> projections;
        private final ShadowTables shadow;
        private final FactReader reader;
        private final long first;
        private final boolean showsHistory;
        private final Progress progress;
        private long done;
        private Instant doneTime = Instant.EPOCH;

        Fold(
                Connection db,
                Set<Projection> projections,
                ShadowTables shadow,
                long first,
                boolean showsHistory,
                Progress progress) {
            this.db = db;
            this.projections = projections;
            this.shadow = shadow;
            this.reader = new FactReader(db, first);
            this.first = first;
            this.showsHistory = showsHistory;
            this.progress = progress;
            this.done = first - 1;
        }

        /** The last checkpoint folded. */
        long run() throws SQLException, InterruptedException {
            boolean exchanged = false;
            while (!exchanged) {
                long last = last();
                if (last - done > NEAR_CHECKPOINTS) {
                    long begin = System.nanoTime();
                    window(last);
                    if (showsHistory) {
                        Watermarks.foldingTo(db, done);
                    }
                    db.commit();
                    progress.committed(new Progress.Position(
                            first,
                            done,
                            Optional.of(last),
                            doneTime,
                            done - first + 1,
                            0,
                            Duration.ofNanos(System.nanoTime() - begin)));
                } else {
                    db.commit();
                    shadow.analyze();
                    exchanged = exchange();
                }
            }
            return done;
        }

        private long last() throws SQLException {
            return Watermarks.facts(db).orElseThrow().last();
        }

        private void window(long last) throws SQLException, InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException("the rebuild was interrupted after checkpoint " + done);
            }
            List<CheckpointFacts> facts = reader.read(done + 1, reader.windowEnd(done + 1, last));
            for (Projection projection : projections) {
                projection.fold(db, facts);
            }
            done = facts.getLast().sequenceNumber();
            doneTime = facts.getLast().timestamp();
        }

        /** In one transaction: nobody looks and nobody writes, the last facts are folded, the tables change places. */
        private boolean exchange() throws SQLException, InterruptedException {
            if (!holdWatermarks()) {
                return false;
            }
            long before = done;
            try {
                for (long last = last(); done < last; ) {
                    window(last);
                }
                shadow.swap();
                for (Projection projection : projections) {
                    Watermarks.folded(db, projection.pipeline(), first);
                }
                if (showsHistory) {
                    Watermarks.showHistory(db);
                }
                db.commit();
                return true;
            } catch (SQLException fault) {
                if (!DEADLOCK.equals(fault.getSQLState()) && !LOCK_NOT_AVAILABLE.equals(fault.getSQLState())) {
                    throw fault;
                }
                db.rollback();
                done = before;
                letRequestsIn();
                return false;
            }
        }

        private boolean holdWatermarks() throws SQLException, InterruptedException {
            try (Statement statement = db.createStatement()) {
                statement.execute(LOCK_TIMEOUT);
                statement.execute("lock table watermark in access exclusive mode");
                return true;
            } catch (SQLException fault) {
                if (!LOCK_NOT_AVAILABLE.equals(fault.getSQLState())) {
                    throw fault;
                }
                db.rollback();
                LOG.infof("exchange postponed checkpoint=%d reason=\"requests are under way\"", done);
                letRequestsIn();
                return false;
            }
        }
    }
}
