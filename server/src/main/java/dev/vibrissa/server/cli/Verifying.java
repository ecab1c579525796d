package dev.vibrissa.server.cli;

import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.Turn;
import dev.vibrissa.migrations.TurnLostException;
import dev.vibrissa.protocol.methodology.Methodology;
import dev.vibrissa.server.work.WorkBoard;
import dev.vibrissa.server.work.WorkState;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.LogKey;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeClientSettings;
import dev.vibrissa.verifier.round.Auditor;
import dev.vibrissa.verifier.round.Method;
import dev.vibrissa.verifier.round.Vantages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The role verifier: one thread that audits beside the server. A fault is told and tried again, never passed over. */
final class Verifying implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Verifying.class);

    /** A seed comes hours after the last; on a simulated network, seconds. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(15);

    /** The chain falls behind our clock for a moment whenever an indexer takes over. */
    private static final Duration LONGEST_HINDRANCE = Duration.ofMinutes(2);

    /** A round asks as long as its nodes take, at most until the seed of the next one, some hours. */
    private static final Duration LONGEST_STEP = Duration.ofHours(6);

    private static final String ROLE = "verifier";

    private final @Nullable Thread thread;

    private Verifying() {
        this.thread = null;
    }

    /**
     * @param keyFile of the log; made if it is not there
     * @param network name, as it goes into the log
     */
    Verifying(
            Database database,
            Path keyFile,
            String network,
            Method method,
            NodeClientSettings settings,
            BooleanSupplier controls) {
        WorkBoard.here().says(ROLE, WorkState.STARTS, "nothing was done yet");
        thread = Thread.ofPlatform()
                .name(ROLE)
                .unstarted(() -> audit(database, keyFile, network, method, settings, controls));
    }

    /** For processes without the role. */
    static Verifying none() {
        return new Verifying();
    }

    void start() {
        if (thread != null) {
            thread.start();
        }
    }

    private static void audit(
            Database database,
            Path keyFile,
            String network,
            Method method,
            NodeClientSettings settings,
            BooleanSupplier controls) {
        try {
            @Nullable Auditor auditor = null;
            while (!Thread.currentThread().isInterrupted()) {
                Duration pause = BETWEEN_LOOKS;
                try {
                    if (auditor == null) {
                        var log = new AuditLog(key(keyFile), Clock.systemUTC());
                        begin(database, log, network, method);
                        auditor = new Auditor(
                                database,
                                log,
                                method,
                                new NodeClient(settings),
                                Thread::sleep,
                                controls,
                                Clock.systemUTC());
                    }
                    Optional<Turn> turn = auditor.takeTurn();
                    if (turn.isPresent()) {
                        inTurn(auditor, turn.get());
                    } else {
                        WorkBoard.here().says(ROLE, WorkState.STANDS_BY, "another verifier audits with this key");
                    }
                } catch (SQLException | RuntimeException fault) {
                    LOG.errorf(
                            "audit fault reason=\"%s\" tryAgainMillis=%d",
                            Faults.sentence(fault), (Object) AFTER_A_FAULT.toMillis());
                    LOG.debug("audit fault", fault);
                    WorkBoard.here().says(ROLE, WorkState.TRIES_AGAIN, Faults.sentence(fault));
                    pause = fault instanceof TurnLostException ? BETWEEN_LOOKS : AFTER_A_FAULT;
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            // The server stops: what was judged is written, the rest is asked again at the next start.
            WorkBoard.here().says(ROLE, WorkState.STOPPED, "the process is ending");
        } catch (Error fault) {
            WorkBoard.here().says(ROLE, WorkState.STOPPED, Faults.sentence(fault));
            throw fault;
        }
    }

    /** Audits until something goes wrong. */
    private static void inTurn(Auditor auditor, Turn turn) throws SQLException, InterruptedException {
        try (turn) {
            var board = WorkBoard.here();
            board.tries(ROLE, "has the turn of its key", LONGEST_STEP);
            String last = "has the turn of its key";
            long freeNanos = System.nanoTime();
            while (!Thread.currentThread().isInterrupted()) {
                turn.require();
                Auditor.Step done = auditor.step(turn);
                Optional<String> hindrance = auditor.hindrance();
                if (hindrance.isEmpty()) {
                    freeNanos = System.nanoTime();
                }
                if (done != Auditor.Step.NOTHING) {
                    last = "the last that was due was a " + done;
                }
                String reason = hindrance.map((last + "; ")::concat).orElse(last);
                if (System.nanoTime() - freeNanos > LONGEST_HINDRANCE.toNanos()) {
                    board.says(ROLE, WorkState.SILENT, reason);
                } else {
                    board.works(ROLE, reason, LONGEST_STEP);
                }
                if (done == Auditor.Step.NOTHING) {
                    Thread.sleep(BETWEEN_LOOKS);
                }
            }
        }
    }

    private static void begin(Database database, AuditLog log, String network, Method method) throws SQLException {
        try (Connection db = database.connect()) {
            db.setAutoCommit(false);
            log.begin(
                    db,
                    "here",
                    Map.of(
                            "network",
                            network,
                            "methodology",
                            method.version(),
                            "methodologySha256",
                            Methodology.of(method.version()).orElseThrow().sha256(),
                            "software",
                            "vibrissa"));
            db.commit();
            boolean speaks = Vantages.list(db).stream()
                    .anyMatch(each -> each.key().equals(log.prover())
                            && each.admittedAt().isPresent()
                            && each.revokedAt().isEmpty());
            if (!speaks) {
                LOG.warnf("vantage not admitted key=%s: its word counts after prover admit", log.prover());
            }
        }
    }

    private static LogKey key(Path file) {
        try {
            Path folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder); // nobody has made it where the database is elsewhere
            }
            return LogKey.in(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the key of the audit log: " + e.getMessage(), e);
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
