package dev.vibrissa.verifier.round;

import java.time.Duration;

/** How to wait between attempts. */
@FunctionalInterface
public interface Pause {
    void pause(Duration duration) throws InterruptedException;
}
