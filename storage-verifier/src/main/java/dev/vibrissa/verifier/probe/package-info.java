/**
 * Asking for what was drawn, and what the answers add up to.
 *
 * <p>An {@link Answer} is what one attempt brought, as it goes into the log; a {@link Verdict} follows from the answers of
 * one probe and what is known about its time by {@link Judge} alone, so that anybody can judge again.
 */
@NullMarked
package dev.vibrissa.verifier.probe;

import org.jspecify.annotations.NullMarked;
