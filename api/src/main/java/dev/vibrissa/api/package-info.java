/**
 * REST under {@code /v1} over what the indexer wrote: one package for each resource, each with its SQL in sight.
 *
 * <p>A request opens one read-only snapshot of PostgreSQL, finds the checkpoint that {@code at=} names, and answers
 * from rows of that snapshot alone, so that an answer and its {@code asOf} always agree.
 */
@NullMarked
package dev.vibrissa.api;

import org.jspecify.annotations.NullMarked;
