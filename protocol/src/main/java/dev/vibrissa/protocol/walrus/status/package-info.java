/**
 * What became of a blob: a fold of the few facts that concern its id, in chain order.
 *
 * <p>{@code BlobFact}s go into a {@code BlobLife}, which answers with the {@code BlobStatus} a storage node would give
 * and with our own {@code BlobState}. One function serves the indexer, which keeps the current state, and the API,
 * which folds a past one on demand.
 */
@NullMarked
package dev.vibrissa.protocol.walrus.status;

import org.jspecify.annotations.NullMarked;
