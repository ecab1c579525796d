package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.Backfill;
import dev.vibrissa.indexer.IndexerBusyException;
import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.TipPriority;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The role indexer: one source, indexed on a thread beside the server, and on another the history before it, if it is
 * wanted. A fault stops the source, not the server.
 */
final class Indexing implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Indexing.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);

    /** SQLSTATE classes of a database that is not there, restarting or shutting down. */
    private static final String CONNECTION_FAULT = "08";

    private static final String OPERATOR_INTERVENTION = "57P";

    /** All clients of a database that comes back do so at once. */
    private static final String TOO_MANY_CONNECTIONS = "53300";

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final List<Thread> threads;
    private final Duration betweenTries;
    private final TipPriority tip = TipPriority.ofATip();
    /** Of the indexer's thread: whether the database was lost before. */
    private boolean outage;

    /** Of the backfill's thread. */
    private long saidNanos = System.nanoTime();

    /**
     * History that is wanted.
     *
     * @param source where it can be had from
     * @param goal its first checkpoint, which the source may tell; empty if none is wanted
     */
    record History(Supplier<CheckpointSource> source, Function<CheckpointSource, Optional<Long>> goal) {}

    private Indexing() {
        this.threads = List.of();
        this.betweenTries = BETWEEN_TRIES;
    }

    Indexing(
            Database database,
            WalrusNetwork network,
            Optional<String> label,
            TrustAnchor trust,
            Supplier<CheckpointSource> source,
            Ingest.Snapshot snapshot,
            Optional<History> history) {
        this(database, network, label, trust, source, snapshot, history, BETWEEN_TRIES);
    }

    Indexing(
            Database database,
            WalrusNetwork network,
            Optional<String> label,
            TrustAnchor trust,
            Supplier<CheckpointSource> source,
            Ingest.Snapshot snapshot,
            Optional<History> history,
            Duration betweenTries) {
        this.betweenTries = betweenTries;
        var limits = Ingest.Limits.ofThisMachine();
        var ingest = new Ingest(database, network, label, trust, limits, snapshot);
        var backfill = new Backfill(database, network, label, limits.halved(), tip);
        var all = new ArrayList<Thread>();
        all.add(Thread.ofPlatform().name("indexer").unstarted(() -> untilDone(() -> index(ingest, source))));
        history.ifPresent(wanted -> all.add(
                Thread.ofPlatform().name("backfill").unstarted(() -> untilDone(() -> fillIn(backfill, wanted)))));
        this.threads = List.copyOf(all);
    }

    /** For processes without the role. */
    static Indexing none() {
        return new Indexing();
    }

    void start() {
        threads.forEach(Thread::start);
    }

    private interface Work {
        /** @return false if it may be tried again */
        boolean done() throws InterruptedException;
    }

    private void untilDone(Work work) {
        try {
            while (!work.done()) {
                Thread.sleep(betweenTries);
            }
        } catch (InterruptedException _) {
            // The server stops: what was committed stays, the rest is indexed at the next start.
        }
    }

    /** Indexes until the source ends or must not be believed; false if the database went away, which may pass. */
    private boolean index(Ingest ingest, Supplier<CheckpointSource> sources) throws InterruptedException {
        try (var source = sources.get()) {
            var outcome = ingest.run(source, Indexing::log, tip);
            LOG.infof(
                    "source ended location=\"%s\" checkpoint=%d checkpoints=%d",
                    source.location(), (Object) outcome.last(), outcome.checkpoints());
            return true;
        } catch (SQLException fault) {
            if (mayPass(fault)) {
                outage = true;
                return false;
            }
            stopped(fault);
            return true;
        } catch (IndexerBusyException busy) {
            if (outage) {
                // PostgreSQL may still hold the lost session, and with it our lock, until it learns that we have gone.
                LOG.warnf("database busy after an outage tryAgainMillis=%d", betweenTries.toMillis());
                return false;
            }
            stopped(busy);
            return true;
        } catch (RuntimeException fault) {
            stopped(fault);
            return true;
        }
    }

    private boolean mayPass(SQLException fault) {
        String state = String.valueOf(fault.getSQLState());
        boolean unavailable = state.startsWith(CONNECTION_FAULT)
                || state.startsWith(OPERATOR_INTERVENTION)
                || state.equals(TOO_MANY_CONNECTIONS);
        if (unavailable) {
            LOG.warnf("database unavailable sqlState=%s tryAgainMillis=%d", state, (Object) betweenTries.toMillis());
        }
        return unavailable;
    }

    /** Fills in history until all of it is there; false if it may be tried again. */
    private boolean fillIn(Backfill backfill, History wanted) throws InterruptedException {
        try (var source = wanted.source().get()) {
            var goal = wanted.goal().apply(source);
            if (goal.isEmpty()) {
                return true;
            }
            var outcome = backfill.run(source, goal.get(), this::log);
            if (outcome.isEmpty()) {
                return false; // nothing is indexed yet that it could be filled in behind
            }
            if (outcome.get().checkpoints() > 0) {
                LOG.infof(
                        "backfill ended checkpoint=%d goal=%d checkpoints=%d",
                        (Object) outcome.get().first(),
                        goal.get(),
                        outcome.get().checkpoints());
            }
            return true;
        } catch (SQLException fault) {
            if (mayPass(fault)) {
                return false;
            }
            backfillStopped(fault);
            return true;
        } catch (IndexerBusyException busy) {
            LOG.infof(
                    "backfill waits reason=\"%s\" tryAgainMillis=%d",
                    busy.getMessage(), (Object) betweenTries.toMillis());
            return false;
        } catch (RuntimeException fault) {
            backfillStopped(fault);
            return true;
        }
    }

    private void log(Backfill.Phase phase, long checkpoint, long end) {
        if (System.nanoTime() - saidNanos >= BETWEEN_LINES.toNanos()) {
            saidNanos = System.nanoTime();
            LOG.infof("backfill phase=%s checkpoint=%d of=%d", phase, (Object) checkpoint, end);
        }
    }

    private static void backfillStopped(Exception fault) {
        LOG.errorf("backfill stopped reason=\"%s\"", Faults.sentence(fault));
        LOG.debug("backfill stopped", fault);
    }

    private static void stopped(Exception fault) {
        LOG.errorf("source stopped reason=\"%s\"", Faults.sentence(fault));
        LOG.debug("source stopped", fault);
    }

    private static void log(Progress.Position position) {
        LOG.infof(
                "committed checkpoint=%d facts=%d lagMillis=%d",
                (Object) position.last(),
                position.facts(),
                System.currentTimeMillis() - position.lastTime().toEpochMilli());
    }

    /** Interrupts both and waits for them: an open transaction is rolled back before the database goes. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (Thread each : threads) {
            try {
                each.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
