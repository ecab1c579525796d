/**
 * What a node's verdicts add up to: shares with their uncertainty, hours, latencies. Pure functions of the log, so that
 * anybody who has it can count again and get the same figures.
 */
@NullMarked
package dev.vibrissa.verifier.score;

import org.jspecify.annotations.NullMarked;
