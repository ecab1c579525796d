/**
 * The one parameter that moves an answer through time, and what every answer says of the state it rests on.
 *
 * <p>{@code at=epoch:41}, {@code at=checkpoint:238627324} and {@code at=time:2026-01-26T10:00:00Z} all come down to
 * one checkpoint; an answer is the state after all its transactions.
 */
@NullMarked
package dev.vibrissa.api.time;

import org.jspecify.annotations.NullMarked;
