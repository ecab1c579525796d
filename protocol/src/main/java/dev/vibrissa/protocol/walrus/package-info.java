/**
 * Walrus's words: the networks it runs on, its events, blob ids, certificates and sizes.
 *
 * <p>Layouts follow the Move structs of the published contracts, component for component. What the contracts keep
 * lies in {@code object}, what became of a blob is told by {@code status}.
 */
@NullMarked
package dev.vibrissa.protocol.walrus;

import org.jspecify.annotations.NullMarked;
