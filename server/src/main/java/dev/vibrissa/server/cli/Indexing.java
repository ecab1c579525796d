package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The role indexer: one source, indexed on a thread beside the server. A fault stops the source, not the server. */
final class Indexing implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Indexing.class);
    private static final long SECONDS_BETWEEN_TRIES = 5;

    /** SQLSTATE classes of a database that is not there, restarting or shutting down. */
    private static final String CONNECTION_FAULT = "08";

    private static final String OPERATOR_INTERVENTION = "57P";

    private final Optional<Thread> thread;

    private Indexing(Optional<Thread> thread) {
        this.thread = thread;
    }

    Indexing(
            Database database,
            WalrusNetwork network,
            Optional<String> label,
            TrustAnchor trust,
            Supplier<CheckpointSource> source) {
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

    private static void run(Ingest ingest, Supplier<CheckpointSource> sources) {
        try {
            while (!index(ingest, sources)) {
                TimeUnit.SECONDS.sleep(SECONDS_BETWEEN_TRIES);
            }
        } catch (InterruptedException _) {
            // The server stops: what was committed stays, the rest is indexed at the next start.
        }
    }

    /** Indexes until the source ends or must not be believed; false if the database went away, which may pass. */
    private static boolean index(Ingest ingest, Supplier<CheckpointSource> sources) throws InterruptedException {
        try (var source = sources.get()) {
            var outcome = ingest.run(source, Indexing::log);
            LOG.infof(
                    "source ended location=\"%s\" checkpoint=%d checkpoints=%d",
                    source.location(), (Object) outcome.last(), outcome.checkpoints());
            return true;
        } catch (SQLException outage) {
            String state = String.valueOf(outage.getSQLState());
            if (state.startsWith(CONNECTION_FAULT) || state.startsWith(OPERATOR_INTERVENTION)) {
                LOG.warnf("database unavailable sqlState=%s tryAgainSeconds=%d", state, (Object) SECONDS_BETWEEN_TRIES);
                return false;
            }
            stopped(outage);
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
