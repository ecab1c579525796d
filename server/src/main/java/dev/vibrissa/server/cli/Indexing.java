package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The role indexer: one source, indexed on a thread beside the server. A fault stops the source, not the server. */
final class Indexing implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Indexing.class);

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
        try (var source = sources.get()) {
            var outcome = ingest.run(source, Indexing::log);
            LOG.infof(
                    "source ended location=\"%s\" checkpoint=%d checkpoints=%d",
                    source.location(), (Object) outcome.last(), outcome.checkpoints());
        } catch (InterruptedException _) {
            // The server stops: what was committed stays, the rest is indexed at the next start.
        } catch (SQLException | RuntimeException fault) {
            LOG.errorf("source stopped reason=\"%s\"", Faults.sentence(fault));
            LOG.debug("source stopped", fault);
        }
    }

    private static void log(Progress.Position position) {
        LOG.infof("committed checkpoint=%d facts=%d", position.last(), position.facts());
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
