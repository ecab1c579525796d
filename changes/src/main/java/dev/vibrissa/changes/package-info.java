/**
 * What is new, for others. Whoever writes rows that others wait for appends a {@link dev.vibrissa.changes.v1.Change} to
 * the {@link dev.vibrissa.changes.Outbox} in the same transaction; publishers, streams and webhooks read it by id.
 */
@NullMarked
package dev.vibrissa.changes;

import org.jspecify.annotations.NullMarked;
