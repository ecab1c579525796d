package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.Backfill;
import dev.vibrissa.indexer.IndexerBusyException;
import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.TipPriority;
import dev.vibrissa.indexer.kafka.FactsFeed;
import dev.vibrissa.indexer.kafka.KafkaSettings;
import dev.vibrissa.indexer.kafka.RangeWorker;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

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

    /** The last pause is 64 times the first, some minutes. */
    private static final int MOST_DELAYS = 7;

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final List<Thread> threads;
    private final Duration betweenTries;
    private final TipPriority tip = TipPriority.ofATip();
    /** Of the indexer's thread: whether the database was lost before. */
    private boolean outage;

    /** Of the indexer's thread: whether anything was committed since the last try. */
    private boolean advanced;

    /** Of the backfill's thread. */
    private long saidNanos = System.nanoTime();

    /** Of the indexer's thread: so that the first commit is told at once. */
    private long toldNanos = System.nanoTime() - BETWEEN_LINES.toNanos();

    /**
     * History that is wanted.
     *
     * @param source where it can be had from
     * @param goal its first checkpoint, which the source may tell; empty if none is wanted
     */
    record History(Supplier<CheckpointSource> source, Function<CheckpointSource, Optional<Long>> goal) {}

    /**
     * An indexer in two halves, which meet in Kafka.
     *
     * @param extracts takes a share of the checkpoints here
     * @param projects puts the facts of all extractors into the database here
     */
    record Shared(KafkaSettings broker, boolean extracts, boolean projects) {}

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
            Optional<History> history,
            Optional<Shared> shared) {
        this(database, network, label, trust, source, snapshot, history, shared, BETWEEN_TRIES);
    }

    Indexing(
            Database database,
            WalrusNetwork network,
            Optional<String> label,
            TrustAnchor trust,
            Supplier<CheckpointSource> source,
            Ingest.Snapshot snapshot,
            Optional<History> history,
            Optional<Shared> shared,
            Duration betweenTries) {
        this.betweenTries = betweenTries;
        var limits = Ingest.Limits.ofThisMachine();
        var all = new ArrayList<Thread>();
        shared.filter(Shared::extracts).ifPresent(halves -> {
            String instance = UUID.randomUUID().toString();
            var worker = new RangeWorker(database, network, trust, halves.broker(), limits, instance);
            all.add(thread("extractor", () -> extract(worker, source)));
        });
        if (shared.isEmpty() || shared.get().projects()) {
            var elsewhere = shared.map(halves -> FactsFeed.through(database, halves.broker()));
            var ingest = new Ingest(database, network, label, trust, limits, snapshot, elsewhere);
            var backfill = new Backfill(database, network, label, limits.halved(), tip);
            all.add(thread(shared.isEmpty() ? "indexer" : "projector", () -> index(ingest, source)));
            history.ifPresent(wanted -> all.add(thread("backfill", () -> fillIn(backfill, wanted))));
        }
        this.threads = List.copyOf(all);
    }

    /** For processes without the role. */
    static Indexing none() {
        return new Indexing();
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** What follows a piece of work. */
    private enum Next {
        /** Nothing: the work is done, or was in vain and will be. */
        END,
        /** The same again soon: something went away that comes back. */
        AGAIN,
        /** The same again, each time later: who is wrong now may be set right while we wait. */
        LATER
    }

    private interface Work {
        Next run() throws InterruptedException;
    }

    private Thread thread(String name, Work work) {
        return Thread.ofPlatform().name(name).unstarted(() -> untilDone(work));
    }

    /** Until the server stops: what is wrong with a checkpoint is told to the projector. */
    private Next extract(RangeWorker worker, Supplier<CheckpointSource> sources) throws InterruptedException {
        try (var source = sources.get()) {
            worker.run(source);
            return Next.END;
        } catch (RuntimeException fault) {
            LOG.errorf("extractor stopped reason=\"%s\"", Faults.sentence(fault));
            LOG.debug("extractor stopped", fault);
            return Next.LATER;
        }
    }

    private void untilDone(Work work) {
        try {
            int delays = 0;
            for (Next next = work.run(); next != Next.END; next = work.run()) {
                delays = next == Next.LATER ? Math.min(delays + 1, MOST_DELAYS) : 0;
                var pause = betweenTries.multipliedBy(Math.max(1, 1L << delays >> 1));
                if (next == Next.LATER) {
                    LOG.infof("%s tries again millis=%d", Thread.currentThread().getName(), (Object) pause.toMillis());
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            // The server stops: what was committed stays, the rest is indexed at the next start.
        }
    }

    private Next index(Ingest ingest, Supplier<CheckpointSource> sources) throws InterruptedException {
        try (var source = sources.get()) {
            return index(ingest, source);
        } catch (RuntimeException fault) {
            stopped(fault);
            return Next.END;
        }
    }

    /** Indexes until the source ends or must not be believed. Nothing wrong is stored, so that trying again does no harm. */
    private Next index(Ingest ingest, CheckpointSource source) throws InterruptedException {
        advanced = false;
        try {
            var outcome = ingest.run(source, this::committed, tip);
            LOG.infof(
                    "source ended location=\"%s\" checkpoint=%d checkpoints=%d",
                    source.location(), (Object) outcome.last(), outcome.checkpoints());
            return Next.END;
        } catch (SQLException fault) {
            if (mayPass(fault)) {
                outage = true;
                return Next.AGAIN;
            }
            stopped(fault); // a full disk, for one, can be mended while we wait
            return Next.LATER;
        } catch (IndexerBusyException busy) {
            if (outage) {
                // PostgreSQL may still hold the lost session, and with it our lock, until it learns that we have gone.
                LOG.warnf("database busy after an outage tryAgainMillis=%d", betweenTries.toMillis());
                return Next.AGAIN;
            }
            stopped(busy);
            return Next.END;
        } catch (KafkaException fault) {
            LOG.warnf(
                    "kafka unavailable reason=\"%s: %s\" tryAgainMillis=%d",
                    fault.getMessage(), cause(fault), betweenTries.toMillis());
            return Next.AGAIN;
        } catch (RuntimeException fault) {
            stopped(fault);
            if (!source.isFollowed()) {
                return Next.END;
            }
            return advanced ? Next.AGAIN : Next.LATER;
        }
    }

    /** Kafka's clients say that they could not be constructed, and why only further down. */
    private static @Nullable String cause(Throwable fault) {
        Throwable cause = fault.getCause();
        return cause == null ? fault.getClass().getSimpleName() : cause.getMessage();
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

    /** Fills in history until all of it is there. */
    private Next fillIn(Backfill backfill, History wanted) throws InterruptedException {
        try (var source = wanted.source().get()) {
            var goal = wanted.goal().apply(source);
            if (goal.isEmpty()) {
                return Next.END;
            }
            var outcome = backfill.run(source, goal.get(), this::log);
            if (outcome.isEmpty()) {
                return Next.AGAIN; // nothing is indexed yet that it could be filled in behind
            }
            if (outcome.get().checkpoints() > 0) {
                LOG.infof(
                        "backfill ended checkpoint=%d goal=%d checkpoints=%d",
                        (Object) outcome.get().first(),
                        goal.get(),
                        outcome.get().checkpoints());
            }
            return Next.END;
        } catch (SQLException fault) {
            if (mayPass(fault)) {
                return Next.AGAIN;
            }
            backfillStopped(fault);
            return Next.LATER;
        } catch (IndexerBusyException busy) {
            LOG.infof(
                    "backfill waits reason=\"%s\" tryAgainMillis=%d",
                    busy.getMessage(), (Object) betweenTries.toMillis());
            return Next.AGAIN;
        } catch (RuntimeException fault) {
            backfillStopped(fault);
            return Next.LATER;
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

    /** At the tip there are several commits a second: not each gets a line. */
    private void committed(Progress.Position position) {
        advanced = true;
        if (System.nanoTime() - toldNanos < BETWEEN_LINES.toNanos()) {
            return;
        }
        toldNanos = System.nanoTime();
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
