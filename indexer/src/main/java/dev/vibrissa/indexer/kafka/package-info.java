/**
 * Extraction shared among processes. The projector asks for ranges of checkpoints, any number of extractors read them and
 * publish their facts, and the projector takes these in as if it had read ahead itself. What is said on the wire stands in
 * {@code extraction.proto}, the rest in docs/kafka.md.
 */
@NullMarked
package dev.vibrissa.indexer.kafka;

import org.jspecify.annotations.NullMarked;
