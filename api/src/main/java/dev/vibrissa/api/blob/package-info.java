/**
 * Blobs: what became of a blob id, now and as of any earlier point, with its history, its objects and its evidence.
 *
 * <p>One blob is always answered by folding its facts; lists come from a table of the present whose rows the indexer
 * folds with the same rules.
 */
@NullMarked
package dev.vibrissa.api.blob;

import org.jspecify.annotations.NullMarked;
