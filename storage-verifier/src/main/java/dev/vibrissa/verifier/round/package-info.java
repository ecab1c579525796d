/**
 * Rounds: a frame and a seed become draws, draws become waves of questions, and what came back is judged and written
 * down, wave by wave. {@link Auditor} does it for a living network; everything that judges is pure.
 */
@NullMarked
package dev.vibrissa.verifier.round;

import org.jspecify.annotations.NullMarked;
