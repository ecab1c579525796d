/**
 * Which files a quilt holds. That is not on the chain: the list is inside the blob, and whoever may ask storage nodes reads it,
 * when somebody wants to know.
 */
@NullMarked
package dev.vibrissa.api.quilt;

import org.jspecify.annotations.NullMarked;
