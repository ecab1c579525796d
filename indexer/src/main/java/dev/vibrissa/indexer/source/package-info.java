/**
 * Where checkpoints come from: files, a directory, an HTTP checkpoint store.
 *
 * <p>A source hands out the bytes of one checkpoint at a time and decides nothing about them; what they mean and
 * whether they may be believed is told by {@link dev.vibrissa.protocol.sui}.
 */
@NullMarked
package dev.vibrissa.indexer.source;

import org.jspecify.annotations.NullMarked;
