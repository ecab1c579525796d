/** Quilts as storage nodes keep them. */
@NullMarked
package dev.vibrissa.verifier.quilt;

import org.jspecify.annotations.NullMarked;
