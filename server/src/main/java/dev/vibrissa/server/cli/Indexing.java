package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.IndexerBusyException;
import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The role indexer: one source, indexed on a thread beside the server. A fault stops the source, not the server. */
final class Indexing implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Indexing.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);

    /** SQLSTATE classes of a database that is not there, restarting or shutting down. */
    private static final String CONNECTION_FAULT = "08";

    private static final String OPERATOR_INTERVENTION = "57P";

    /** All clients of a database that comes back do so at once. */
    private static final String TOO_MANY_CONNECTIONS = "53300";

    private final Optional<Thread> thread;
    private final Duration betweenTries;
    /** Of the indexer's thread: whether the database was lost before. */
    private boolean outage;

    private Indexing(Optional<Thread> thread) {
        this.thread = thread;
        this.betweenTries = BETWEEN_TRIES;
    }

    Indexing(
            Database database,
            WalrusNetwork network,
            Optional<String> label,
            TrustAnchor trust,
            Supplier<CheckpointSource> source) {
        this(database, network, label, trust, source, BETWEEN_TRIES);
    }

    Indexing(
            Database database,
            WalrusNetwork network,
            Optional<String> label,
            TrustAnchor trust,
            Supplier<CheckpointSource> source,
            Duration betweenTries) {
        this.betweenTries = betweenTries;
        var ingest = new Ingest(database, network, label, trust, Ingest.Limits.ofThisMachine());
        this.thread = Optional.of(Thread.ofPlatform().name("indexer").unstarted(() -> run(ingest, source)));
    }

    /** For processes without the role. */
    static Indexing none() {
        return new Indexing(Optional.empty());
    }

    void start() {
        thread.ifPresent(Thread::start);
    }

    private void run(Ingest ingest, Supplier<CheckpointSource> sources) {
        try {
            while (!index(ingest, sources)) {
                Thread.sleep(betweenTries);
            }
        } catch (InterruptedException _) {
            // The server stops: what was committed stays, the rest is indexed at the next start.
        }
    }

    /** Indexes until the source ends or must not be believed; false if the database went away, which may pass. */
    private boolean index(Ingest ingest, Supplier<CheckpointSource> sources) throws InterruptedException {
        try (var source = sources.get()) {
            var outcome = ingest.run(source, Indexing::log);
            LOG.infof(
                    "source ended location=\"%s\" checkpoint=%d checkpoints=%d",
                    source.location(), (Object) outcome.last(), outcome.checkpoints());
            return true;
        } catch (SQLException fault) {
            String state = String.valueOf(fault.getSQLState());
            if (state.startsWith(CONNECTION_FAULT)
                    || state.startsWith(OPERATOR_INTERVENTION)
                    || state.equals(TOO_MANY_CONNECTIONS)) {
                LOG.warnf(
                        "database unavailable sqlState=%s tryAgainMillis=%d", state, (Object) betweenTries.toMillis());
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

    /** Interrupts the indexer and waits for it: an open transaction is rolled back before the database goes. */
    @Override
    public void close() {
        thread.ifPresent(indexer -> {
            indexer.interrupt();
            try {
                indexer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
