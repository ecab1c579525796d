package dev.vibrissa.indexer.kafka;

import org.jboss.logging.Logger;

/** Closes Kafka's clients, each whatever becomes of the others. */
final class Closing {
    private static final Logger LOG = Logger.getLogger(Closing.class);

    private Closing() {}

    /** What can fail in as many ways as there are clients. */
    interface Step {
        void run() throws Exception;
    }

    /**
     * Clients refuse to close on a thread that is interrupted, and one that is not closed stays in its group for ever, with
     * the partitions it has: so an interrupt is put off until the end.
     */
    static void all(Step... steps) {
        boolean interrupted = Thread.interrupted();
        for (Step each : steps) {
            try {
                each.run();
            } catch (Exception fault) {
                LOG.debug("closing", fault);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
