package dev.vibrissa.verifier.score;

import dev.vibrissa.protocol.bcs.Bytes;
import java.time.Instant;

/**
 * What a score rests on, so that the same score can be made again from a log.
 *
 * @param at when it was made: the end of the last 30 days
 * @param prover whose log it is from: all vantages ask the same, and one sample is not three
 * @param entries how many of the log are in it
 */
public record Basis(Instant at, Bytes prover, long entries) {}
