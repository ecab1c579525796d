/**
 * What quilts hold, as the storage nodes keep it: the list of files stands in the first columns of the blob, and a column is
 * one sliver, so that nobody has to fetch the rest.
 */
@NullMarked
package dev.vibrissa.verifier.quilt;

import org.jspecify.annotations.NullMarked;
