/** The choice between plain Java and vectors, made once for the erasure code and for hashing. */
@NullMarked
package dev.vibrissa.redstuff.kernel;

import org.jspecify.annotations.NullMarked;
