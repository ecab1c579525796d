/**
 * A Sui chain in one process: objects, transactions with their effects, checkpoints that a committee signs. It knows
 * nothing of Walrus: contracts are functions in {@link dev.vibrissa.devnet.ledger.move.MoveModules}.
 *
 * <p>{@code Ptb → Executor (Interpreter on a Workspace) → Outcome → Pending → Sealed → CheckpointFolder}. The folder is a
 * checkpoint store and all there is to keep: objects, index and epochs follow from its files.
 */
@NullMarked
package dev.vibrissa.devnet.ledger;

import org.jspecify.annotations.NullMarked;
