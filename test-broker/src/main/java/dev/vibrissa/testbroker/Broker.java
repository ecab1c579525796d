package dev.vibrissa.testbroker;

/** One broker, wherever it runs, with the settings it was made with. Not safe for use by several threads. */
sealed interface Broker permits BrokerInContainer, BrokerInProcess {
    /** It starts in three seconds, in far more where the machine has other work. */
    int START_SECONDS = 120;

    int STOP_SECONDS = 30;

    /** What it is and where, for a report of the tests that ran on it. */
    String kind();

    /**
     * Returns when it serves clients; what it had before is still there.
     *
     * @throws IllegalStateException if it does not within two minutes
     */
    void start();

    /** Ends it as a crash does; what it had acknowledged stays. */
    void kill();

    /** Ends it in order. */
    void stop();

    boolean isUp();

    /** Kills it, and keeps nothing of it. */
    void remove();
}
