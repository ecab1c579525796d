/**
 * What storage nodes make of their tables at each epoch's start: the blob-info snapshot, and hashes over what is
 * certified. Whoever has the same tables gets the same numbers.
 */
@NullMarked
package dev.vibrissa.protocol.walrus.snapshot;

import org.jspecify.annotations.NullMarked;
