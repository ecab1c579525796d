package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.Backfill;
import dev.vibrissa.indexer.IndexerBusyException;
import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.TipPriority;
import dev.vibrissa.indexer.kafka.FactsFeed;
import dev.vibrissa.indexer.kafka.KafkaSettings;
import dev.vibrissa.indexer.kafka.RangeWorker;
import dev.vibrissa.indexer.kafka.Word;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.Turn;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.server.trace.Traces;
import dev.vibrissa.server.work.WorkBoard;
import dev.vibrissa.server.work.WorkState;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
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
 * wanted. A fault stops the source, not the server. While another process indexes the same database, this one stands by and
 * asks for nothing. What it does and why stands on the board.
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

    /** Who stands by asks so often; with the patience of the server for a dead session it is there within ten seconds. */
    private static final Duration BETWEEN_TURNS = Duration.ofSeconds(1);

    /** A chain makes several checkpoints a second, a slow simulated one every few seconds. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

    /** Some thousand checkpoints of a slow archive; the tip goes first, and to wait for it longer is worth a word, too. */
    private static final Duration LONGEST_CHUNK = Duration.ofMinutes(30);

    private static final String INDEXER = "indexer";
    private static final String PROJECTOR = "projector";
    private static final String EXTRACTOR = "extractor";
    private static final String HISTORY = "backfill";

    private final List<Thread> threads;
    private final Duration betweenTries;
    private final WorkBoard board;
    /** What the board calls whoever writes to the database here. */
    private final String role;

    private final TipPriority tip = TipPriority.ofATip();

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
        this.board = WorkBoard.here();
        this.role = INDEXER;
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
        this(database, network, label, trust, source, snapshot, history, shared, BETWEEN_TRIES, WorkBoard.here());
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
            Duration betweenTries,
            WorkBoard board) {
        this.betweenTries = betweenTries;
        this.board = board;
        this.role = shared.isPresent() ? PROJECTOR : INDEXER;
        var limits = Ingest.Limits.ofThisMachine();
        var all = new ArrayList<Thread>();
        shared.filter(Shared::extracts).ifPresent(halves -> {
            String instance = UUID.randomUUID().toString();
            var worker = new RangeWorker(
                    database, network, trust, halves.broker(), limits, instance, word -> says(EXTRACTOR, word));
            all.add(thread(EXTRACTOR, () -> extract(worker, source)));
        });
        if (shared.isEmpty() || shared.get().projects()) {
            var elsewhere =
                    shared.map(halves -> FactsFeed.through(database, halves.broker(), word -> says(PROJECTOR, word)));
            var ingest = new Ingest(database, network, label, trust, limits, snapshot, elsewhere);
            var backfill = new Backfill(database, network, label, limits.halved(), tip);
            all.add(thread(role, () -> index(ingest, source)));
            history.ifPresent(wanted -> all.add(thread(HISTORY, () -> fillIn(backfill, wanted))));
        }
        this.threads = List.copyOf(all);
    }

    private Thread thread(String role, Work work) {
        board.says(role, WorkState.STARTS, "nothing was done yet", LONGEST_CHUNK);
        return Thread.ofPlatform().name(role).unstarted(() -> untilDone(role, work));
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
        /** The same again at once, nearly: it is another's turn, which may end at any moment. */
        STAND_BY,
        /** The same again, each time later: who is wrong now may be set right while we wait. */
        LATER
    }

    private interface Work {
        Next run() throws InterruptedException;
    }

    /** Until the server stops: what is wrong with a checkpoint is told to the projector. */
    private Next extract(RangeWorker worker, Supplier<CheckpointSource> sources) throws InterruptedException {
        try (var source = sources.get()) {
            worker.run(source);
            return Next.END;
        } catch (RuntimeException fault) {
            LOG.errorf("extractor stopped reason=\"%s\"", Faults.sentence(fault));
            LOG.debug("extractor stopped", fault);
            board.says(EXTRACTOR, WorkState.TRIES_AGAIN, Faults.sentence(fault));
            return Next.LATER;
        }
    }

    private void untilDone(String role, Work work) {
        try {
            int delays = 0;
            for (Next next = work.run(); next != Next.END; next = work.run()) {
                delays = next == Next.LATER ? Math.min(delays + 1, MOST_DELAYS) : 0;
                var pause = betweenTries.multipliedBy(Math.max(1, 1L << delays >> 1));
                if (next == Next.LATER) {
                    LOG.infof("%s tries again millis=%d", Thread.currentThread().getName(), (Object) pause.toMillis());
                }
                Thread.sleep(next == Next.STAND_BY && pause.compareTo(BETWEEN_TURNS) > 0 ? BETWEEN_TURNS : pause);
            }
        } catch (InterruptedException _) {
            // The server stops: what was committed stays, the rest is indexed at the next start.
            board.says(role, WorkState.STOPPED, "the process is ending");
        } catch (RuntimeException | Error fault) {
            board.says(role, WorkState.STOPPED, Faults.sentence(fault));
            throw fault;
        }
    }

    /** The source is opened in our turn only: who stands by takes nothing from anybody's limits. */
    private Next index(Ingest ingest, Supplier<CheckpointSource> sources) throws InterruptedException {
        try (var turn = ingest.takeTurn()) {
            board.tries(role, "has the turn, and looks where to go on", LONGEST_SILENCE);
            try (var source = sources.get()) {
                return index(ingest, turn, source);
            }
        } catch (SQLException fault) {
            return failed(role, fault);
        } catch (IndexerBusyException busy) {
            standsBy(role, busy);
            return Next.STAND_BY;
        } catch (RuntimeException fault) {
            return stopped(fault);
        }
    }

    /** Indexes until the source ends or must not be believed. Nothing wrong is stored, so that trying again does no harm. */
    private Next index(Ingest ingest, Turn turn, CheckpointSource source) throws SQLException, InterruptedException {
        advanced = false;
        try {
            var outcome = ingest.run(turn, source, this::committed, tip);
            LOG.infof(
                    "source ended location=\"%s\" checkpoint=%d checkpoints=%d",
                    source.location(), (Object) outcome.last(), outcome.checkpoints());
            board.says(
                    role, WorkState.DONE, "%s ended with checkpoint %d".formatted(source.location(), outcome.last()));
            return Next.END;
        } catch (KafkaException fault) {
            board.says(role, WorkState.TRIES_AGAIN, "Kafka: " + fault.getMessage());
            LOG.warnf(
                    "kafka unavailable reason=\"%s: %s\" tryAgainMillis=%d",
                    fault.getMessage(), cause(fault), betweenTries.toMillis());
            return Next.AGAIN;
        } catch (RuntimeException fault) {
            if (!source.isFollowed()) {
                return stopped(fault);
            }
            logStopped(fault);
            board.says(role, WorkState.TRIES_AGAIN, Faults.sentence(fault));
            return advanced ? Next.AGAIN : Next.LATER;
        }
    }

    private void says(String role, Word word) {
        switch (word) {
            // An extractor says so all the time; a projector once, and then what it committed.
            case Word.Works(var reason) -> board.works(role, reason, LONGEST_SILENCE);
            case Word.StandsBy(var reason) -> board.says(role, WorkState.STANDS_BY, reason);
            case Word.TriesAgain(var reason) -> board.says(role, WorkState.TRIES_AGAIN, reason);
        }
    }

    /** It says so again at each try; one that hangs is silent. */
    private void standsBy(String role, IndexerBusyException busy) {
        board.says(role, WorkState.STANDS_BY, String.valueOf(busy.getMessage()), LONGEST_CHUNK);
    }

    private Next failed(String role, SQLException fault) {
        board.says(role, WorkState.TRIES_AGAIN, reason(fault));
        if (mayPass(fault)) {
            return Next.AGAIN;
        }
        // A full disk, for one, can be mended while we wait.
        LOG.errorf("%s stopped reason=\"%s\"", role, Faults.sentence(fault));
        LOG.debug("stopped", fault);
        return Next.LATER;
    }

    private static String reason(SQLException fault) {
        return "database, SQLSTATE %s: %s".formatted(fault.getSQLState(), Faults.sentence(fault));
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
                board.says(HISTORY, WorkState.DONE, "none is wanted");
                return Next.END;
            }
            var outcome = backfill.run(source, goal.get(), this::log);
            if (outcome.isEmpty()) {
                board.says(
                        HISTORY,
                        WorkState.STARTS,
                        "nothing is indexed yet that it could be filled in behind",
                        LONGEST_CHUNK);
                return Next.AGAIN;
            }
            if (outcome.get().checkpoints() > 0) {
                LOG.infof(
                        "backfill ended checkpoint=%d goal=%d checkpoints=%d",
                        (Object) outcome.get().first(),
                        goal.get(),
                        outcome.get().checkpoints());
            }
            board.says(
                    HISTORY,
                    WorkState.DONE,
                    "history begins with checkpoint %d".formatted(outcome.get().first()));
            return Next.END;
        } catch (SQLException fault) {
            return failed(HISTORY, fault);
        } catch (IndexerBusyException busy) {
            standsBy(HISTORY, busy);
            return Next.AGAIN;
        } catch (RuntimeException fault) {
            LOG.errorf("backfill stopped reason=\"%s\"", Faults.sentence(fault));
            LOG.debug("backfill stopped", fault);
            board.says(HISTORY, WorkState.TRIES_AGAIN, Faults.sentence(fault));
            return Next.LATER;
        }
    }

    private void log(Backfill.Phase phase, long checkpoint, long end) {
        board.works(HISTORY, "%s: checkpoint %d of %d".formatted(phase, checkpoint, end), LONGEST_CHUNK);
        if (System.nanoTime() - saidNanos >= BETWEEN_LINES.toNanos()) {
            saidNanos = System.nanoTime();
            LOG.infof("backfill phase=%s checkpoint=%d of=%d", phase, (Object) checkpoint, end);
        }
    }

    private Next stopped(Exception fault) {
        logStopped(fault);
        board.says(role, WorkState.STOPPED, Faults.sentence(fault));
        return Next.END;
    }

    private static void logStopped(Exception fault) {
        LOG.errorf("source stopped reason=\"%s\"", Faults.sentence(fault));
        LOG.debug("source stopped", fault);
    }

    /** At the tip there are several commits a second: not each gets a line. */
    private void committed(Progress.Position position) {
        advanced = true;
        Traces.ended(
                "batch", position.took(), Attributes.of(AttributeKey.longKey("vibrissa.checkpoint"), position.last()));
        board.works(role, "committed checkpoint %d".formatted(position.last()), LONGEST_SILENCE);
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
