/**
 * A Sui chain in one process: objects, transactions with their effects, checkpoints that a committee signs. It knows
 * nothing of Walrus. Its state is its live objects, so that it goes on after a restart from the checkpoints it kept.
 */
@NullMarked
package dev.vibrissa.devnet.ledger;

import org.jspecify.annotations.NullMarked;
