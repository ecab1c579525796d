/**
 * Objects of Walrus through time: who held a blob object, until when it was paid, what was written on it.
 *
 * <p>Everything is folded on demand from the few facts of the objects asked for, up to the checkpoint asked for; the
 * present is the same fold with nothing left out.
 */
@NullMarked
package dev.vibrissa.api.object;

import org.jspecify.annotations.NullMarked;
