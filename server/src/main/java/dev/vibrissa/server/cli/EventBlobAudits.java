package dev.vibrissa.server.cli;

import dev.vibrissa.migrations.Database;
import dev.vibrissa.verifier.eventblob.EventBlobAuditor;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeClientSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Part of the role verifier: one thread that holds event blobs against our rows. A fault is told and tried again. */
final class EventBlobAudits implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EventBlobAudits.class);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(30);

    private final @Nullable Thread thread;

    private EventBlobAudits() {
        this.thread = null;
    }

    /**
     * @param folder for files being compared
     * @param betweenProgress how often nodes are asked how far they are
     */
    EventBlobAudits(Database database, Path folder, NodeClientSettings settings, Duration betweenProgress) {
        thread = Thread.ofPlatform()
                .name("event-blobs")
                .unstarted(() -> audit(new EventBlobAuditor(
                        database, new NodeClient(settings), folder, betweenProgress, Clock.systemUTC())));
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

    private static void audit(EventBlobAuditor auditor) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Duration pause = BETWEEN_LOOKS;
                try {
                    if (auditor.step()) {
                        continue;
                    }
                } catch (SQLException | IOException | RuntimeException fault) {
                    LOG.errorf(
                            "event blob fault reason=\"%s\" tryAgainMillis=%d",
                            Faults.sentence(fault), (Object) AFTER_A_FAULT.toMillis());
                    LOG.debug("event blob fault", fault);
                    pause = AFTER_A_FAULT;
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            // The server stops: what is not written is compared at the next start.
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
