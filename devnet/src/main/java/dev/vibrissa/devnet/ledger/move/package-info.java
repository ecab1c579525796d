/**
 * What Move modules are written with when they are written in Java: types with their bytes, functions with their
 * arguments, and the transaction they run in. A value is what its BCS is: contracts hold records, the ledger bytes.
 */
@NullMarked
package dev.vibrissa.devnet.ledger.move;

import org.jspecify.annotations.NullMarked;
