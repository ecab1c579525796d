/**
 * From a checkpoint to facts: pure, order-free, and the same for the same bytes.
 *
 * <p>What comes out is what happened, keyed by where it stands on chain. Nothing here knows what was there before;
 * that is {@link dev.vibrissa.indexer.project}'s part.
 */
@NullMarked
package dev.vibrissa.indexer.extract;

import org.jspecify.annotations.NullMarked;
