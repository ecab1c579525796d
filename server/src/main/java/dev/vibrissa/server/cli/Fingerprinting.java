package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.fingerprint.EpochFingerprints;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.server.work.WorkBoard;
import dev.vibrissa.server.work.WorkState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Beside the role indexer: one thread that makes the fingerprints of an epoch once it has begun. */
final class Fingerprinting implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Fingerprinting.class);

    /** An epoch lasts two weeks, on a simulated network minutes. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

    /** All objects are read three times; disks may be slow, and there may be a hundred million. */
    private static final Duration PATIENCE = Duration.ofHours(6);

    private static final String ROLE = "fingerprints";

    private final WorkBoard board = WorkBoard.here();
    private final @Nullable Thread thread;
    private @Nullable Connection reading;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Fingerprinting() {
        this.thread = null;
    }

    Fingerprinting(Database database) {
        board.says(ROLE, WorkState.STARTS, "nothing was done yet");
        thread = Thread.ofPlatform().name(ROLE).unstarted(() -> make(database));
    }

    /** For processes that do not index. */
    static Fingerprinting none() {
        return new Fingerprinting();
    }

    void start() {
        if (thread != null) {
            thread.start();
        }
    }

    private void make(Database database) {
        try {
            do {
                try (Connection db = database.connect()) {
                    reads(db);
                    makeAll(db);
                } catch (SQLException | RuntimeException fault) {
                    if (closed.getCount() == 0) {
                        break; // its session was ended under it
                    }
                    LOG.warnf("fingerprints not made reason=\"%s\"", Faults.sentence(fault));
                    board.says(ROLE, WorkState.TRIES_AGAIN, Faults.sentence(fault));
                } finally {
                    reads(null);
                }
            } while (!closed.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts it
        } finally {
            board.says(ROLE, WorkState.STOPPED, "the process is ending");
        }
    }

    private void makeAll(Connection db) throws SQLException {
        for (OptionalLong made = EpochFingerprints.step(db); made.isPresent(); made = EpochFingerprints.step(db)) {
            LOG.infof("fingerprints epoch=%d", made.getAsLong());
        }
        board.works(ROLE, "every epoch whose beginning is known as a whole has its fingerprints", PATIENCE);
    }

    private void reads(@Nullable Connection db) {
        synchronized (this) {
            reading = db;
        }
        endIfClosed();
    }

    private synchronized void endIfClosed() {
        Connection open = reading;
        if (closed.getCount() == 0 && open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException fault) {
                LOG.warnf("a session could not be ended reason=\"%s\"", fault.getMessage());
            }
        }
    }

    /** Ends the session in the middle of what it reads, and waits; an epoch that is not done is begun anew at the next start. */
    @Override
    public void close() {
        if (thread == null) {
            return;
        }
        closed.countDown();
        endIfClosed();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
