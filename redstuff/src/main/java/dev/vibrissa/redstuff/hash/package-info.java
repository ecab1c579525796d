/** BLAKE2b-256, one hash at a time and many at once, and the Merkle trees made of it. */
@NullMarked
package dev.vibrissa.redstuff.hash;

import org.jspecify.annotations.NullMarked;
