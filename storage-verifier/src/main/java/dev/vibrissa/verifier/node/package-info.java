/**
 * Asking a storage node, which may be hostile: its operator chooses the address we connect to and every byte we read.
 *
 * <p>{@link NodeClient} asks one question, on a connection of its own, bound by deadlines, a rate and exact lengths, and
 * judges the answer against the chain's words: key, blob id, epoch. What it saw is a value, an {@link Outcome}, with
 * its numbers and with whose fault it may be; only the caller's own faults and interrupts are exceptions.
 */
@NullMarked
package dev.vibrissa.verifier.node;

import org.jspecify.annotations.NullMarked;
