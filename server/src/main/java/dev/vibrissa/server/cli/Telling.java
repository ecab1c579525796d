package dev.vibrissa.server.cli;

import dev.vibrissa.changes.publish.ChangePublisher;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.server.webhook.WebhookSender;
import dev.vibrissa.server.work.WorkBoard;
import dev.vibrissa.server.work.WorkState;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/** Threads that tell others what is new: the publisher to Kafka, and the sender of webhooks. */
final class Telling implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Telling.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final Duration BETWEEN_STANDING = Duration.ofSeconds(1);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(5);
    private static final String PUBLISHER = "publisher";
    private static final String WEBHOOKS = "webhooks";

    private final List<Thread> threads = new ArrayList<>();

    /** @param prefix of the topic; of one database alone */
    void publish(Database database, Map<String, String> kafka, String prefix) {
        WorkBoard board = WorkBoard.here();
        add(PUBLISHER, () -> {
            try (var publisher = new ChangePublisher(database, kafka, prefix, word -> {
                switch (word) {
                    case ChangePublisher.Word.Publishes(var topic) ->
                        board.says(PUBLISHER, WorkState.WORKS, "changes go to " + topic);
                    case ChangePublisher.Word.StandsBy() ->
                        board.says(PUBLISHER, WorkState.STANDS_BY, "another process publishes");
                    case ChangePublisher.Word.TriesAgain(var reason) ->
                        board.says(PUBLISHER, WorkState.TRIES_AGAIN, reason);
                    case ChangePublisher.Word.Fenced(var reason) -> board.says(PUBLISHER, WorkState.STOPPED, reason);
                }
            })) {
                publisher.run();
            } catch (InterruptedException _) {
                // The server stops: an open transaction comes to nothing, and its changes are published by the next.
            }
        });
    }

    /** On the board from the start, and at the end, whatever that comes from: a thread that is gone says nothing more. */
    private void add(String role, Runnable work) {
        WorkBoard board = WorkBoard.here();
        board.says(role, WorkState.STARTS, "it has not done anything yet");
        threads.add(Thread.ofPlatform().name(role).unstarted(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error fault) {
                board.says(role, WorkState.STOPPED, fault.toString());
                LOG.errorf(fault, "work ended role=%s", role);
            }
        }));
    }

    void send(Database database, WebhookSender.Settings settings) {
        add(
                WEBHOOKS,
                () -> send(new WebhookSender(database, settings, Clock.systemUTC(), RandomGenerator.getDefault())));
    }

    private static void send(WebhookSender sender) {
        WorkBoard board = WorkBoard.here();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    Optional<WebhookSender.Sending> taken = sender.take();
                    if (taken.isEmpty()) {
                        board.says(WEBHOOKS, WorkState.STANDS_BY, "another process sends");
                        Thread.sleep(BETWEEN_STANDING);
                        continue;
                    }
                    try (var turn = taken.get()) {
                        board.says(WEBHOOKS, WorkState.WORKS, "deliveries are sent as they fall due");
                        while (true) {
                            if (!turn.step()) {
                                Thread.sleep(BETWEEN_LOOKS);
                            }
                        }
                    }
                } catch (SQLException fault) {
                    board.says(
                            WEBHOOKS,
                            WorkState.TRIES_AGAIN,
                            "database, SQLSTATE %s: %s".formatted(fault.getSQLState(), fault.getMessage()));
                    LOG.debug("webhook fault", fault);
                } catch (RuntimeException fault) {
                    board.says(WEBHOOKS, WorkState.TRIES_AGAIN, Faults.sentence(fault));
                    LOG.debug("webhook fault", fault);
                }
                Thread.sleep(AFTER_A_FAULT);
            }
        } catch (InterruptedException _) {
            // The server stops: what was not sent is due at the next start.
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** Interrupts and waits: transactions are rolled back before the database goes. */
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
