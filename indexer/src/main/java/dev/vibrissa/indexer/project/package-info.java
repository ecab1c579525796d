/**
 * Facts folded in order into the state at the watermark.
 *
 * <p>A projection loads the rows a batch touches, applies the batch in memory event by event, and writes the rows
 * back, all in the transaction that stores the facts. Folding the same facts again gives the same rows.
 */
@NullMarked
package dev.vibrissa.indexer.project;

import org.jspecify.annotations.NullMarked;
