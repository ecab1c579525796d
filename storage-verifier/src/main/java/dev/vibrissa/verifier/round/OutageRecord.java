package dev.vibrissa.verifier.round;

import java.time.Instant;

/** A wave in which we could not tell. */
public record OutageRecord(long walrusEpoch, long round, int wave, Instant beganAt, Instant endedAt, String cause) {}
