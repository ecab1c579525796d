/**
 * What to ask for: the frame of all that could be, the seed nobody could know when the frame was published, and the
 * draws that follow from the two. All of it is pure, so that anybody can draw again.
 */
@NullMarked
package dev.vibrissa.verifier.sample;

import org.jspecify.annotations.NullMarked;
