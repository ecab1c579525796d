/**
 * Chain to facts to projections.
 *
 * <p>{@link dev.vibrissa.indexer.source} fetches bytes, {@link dev.vibrissa.indexer.trust} decides whether they are
 * believed, {@link dev.vibrissa.indexer.extract} reads facts out of them on several threads, and one writer stores
 * facts, projections and the watermark in one transaction ({@link dev.vibrissa.indexer.write}, {@link
 * dev.vibrissa.indexer.project}).
 */
@NullMarked
package dev.vibrissa.indexer;

import org.jspecify.annotations.NullMarked;
