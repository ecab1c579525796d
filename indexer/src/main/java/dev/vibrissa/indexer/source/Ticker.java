package dev.vibrissa.indexer.source;

import java.time.Duration;

/** Time as far as sources wait by it. Tests bring one in which a minute passes at once. */
public interface Ticker {
    Ticker SYSTEM = new SystemTicker();

    /** Nanoseconds since some moment; only differences mean anything. */
    long nanos();

    /** @throws InterruptedException if the thread is interrupted meanwhile */
    void sleep(Duration pause) throws InterruptedException;

    /** The time of this machine. */
    final class SystemTicker implements Ticker {
        private SystemTicker() {}

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration pause) throws InterruptedException {
            Thread.sleep(pause);
        }
    }
}
