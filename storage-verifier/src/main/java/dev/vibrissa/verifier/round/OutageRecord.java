package dev.vibrissa.verifier.round;

import java.time.Instant;

/** A wave in which we could not tell. */
public record OutageRecord(long walrusEpoch, long round, int wave, Instant beganAt, Instant endedAt, Cause cause) {
    /** Why not. */
    public enum Cause {
        /** No control target, or hardly any of the members that had answered in the wave. */
        CONTROLS_UNREACHABLE,
        /** More than a third of the members were silent. */
        MASS_FAILURE
    }
}
