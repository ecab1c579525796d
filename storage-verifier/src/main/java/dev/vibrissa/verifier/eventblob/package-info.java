/**
 * The second source of truth: event blobs, fetched from storage nodes and held against our rows.
 *
 * <p>The head comes from the System object as the indexer read it, never from anybody's word. From there each file is
 * fetched, proven by its blob id, encoded again, and leads to the one before it; each is then compared event by event
 * with what we have of its checkpoints. Outcomes are values: a file that is gone, damaged or of a later kind ends one
 * file's audit and no more.
 */
@NullMarked
package dev.vibrissa.verifier.eventblob;

import org.jspecify.annotations.NullMarked;
