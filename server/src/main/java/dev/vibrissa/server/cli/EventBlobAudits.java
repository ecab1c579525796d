package dev.vibrissa.server.cli;

import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.Turn;
import dev.vibrissa.migrations.TurnLostException;
import dev.vibrissa.server.work.WorkBoard;
import dev.vibrissa.server.work.WorkState;
import dev.vibrissa.verifier.eventblob.EventBlobAuditor;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeClientSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Part of the role verifier: one thread that holds event blobs against our rows. A fault is told and tried again. */
final class EventBlobAudits implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EventBlobAudits.class);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(30);

    /** Longer than a file takes that is fetched until its deadline, decoded, encoded again and compared. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private static final String ROLE = "event-blobs";

    private final @Nullable Thread thread;
    private final WorkBoard board;

    private EventBlobAudits() {
        this.thread = null;
        this.board = WorkBoard.here();
    }

    /**
     * @param folder for files being compared
     * @param betweenProgress how often nodes are asked how far they are
     */
    EventBlobAudits(Database database, Path folder, NodeClientSettings settings, Duration betweenProgress) {
        this(database, folder, settings, betweenProgress, WorkBoard.here());
    }

    EventBlobAudits(
            Database database, Path folder, NodeClientSettings settings, Duration betweenProgress, WorkBoard board) {
        this.board = board;
        board.says(ROLE, WorkState.STARTS, "nothing was done yet");
        thread = Thread.ofPlatform().name(ROLE).unstarted(() -> audit(database, folder, settings, betweenProgress));
    }

    /** For processes without the role. */
    static EventBlobAudits none() {
        return new EventBlobAudits();
    }

    void start() {
        if (thread != null) {
            thread.start();
        }
    }

    private void audit(Database database, Path folder, NodeClientSettings settings, Duration betweenProgress) {
        try {
            @Nullable EventBlobAuditor auditor = null;
            while (!Thread.currentThread().isInterrupted()) {
                Duration pause = BETWEEN_LOOKS;
                try {
                    if (auditor == null) {
                        auditor = new EventBlobAuditor(
                                database, new NodeClient(settings), folder, betweenProgress, Clock.systemUTC());
                    }
                    Optional<Turn> turn = auditor.takeTurn();
                    if (turn.isPresent()) {
                        inTurn(auditor, turn.get());
                    } else {
                        board.says(ROLE, WorkState.STANDS_BY, "another verifier audits event blobs");
                    }
                } catch (SQLException | IOException | RuntimeException fault) {
                    pause = fault instanceof TurnLostException ? BETWEEN_LOOKS : AFTER_A_FAULT;
                    LOG.errorf(
                            "event blob fault reason=\"%s\" tryAgainMillis=%d",
                            Faults.sentence(fault), (Object) pause.toMillis());
                    LOG.debug("event blob fault", fault);
                    board.says(ROLE, WorkState.TRIES_AGAIN, Faults.sentence(fault));
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            // The server stops: what is not written is compared at the next start.
            board.says(ROLE, WorkState.STOPPED, "the process is ending");
        } catch (Error fault) {
            board.says(ROLE, WorkState.STOPPED, Faults.sentence(fault));
            throw fault;
        }
    }

    /** Audits until something goes wrong; only a step that was done says that it works, so a fault is not talked over. */
    private void inTurn(EventBlobAuditor auditor, Turn turn) throws SQLException, IOException, InterruptedException {
        try (turn) {
            while (!Thread.currentThread().isInterrupted()) {
                turn.require();
                if (auditor.step(turn)) {
                    board.works(ROLE, "an event blob was audited", PATIENCE);
                } else {
                    board.works(ROLE, "no event blob is due", PATIENCE);
                    Thread.sleep(BETWEEN_LOOKS);
                }
            }
        }
    }

    /** Interrupts and waits: an open transaction is rolled back before the database goes. */
    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
