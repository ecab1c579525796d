/**
 * Walrus's words: the events and objects of its Move contracts, and what became of a blob.
 *
 * <p>Layouts follow the Move structs of the published contracts, component for component.
 */
@NullMarked
package dev.vibrissa.protocol.walrus;

import org.jspecify.annotations.NullMarked;
