/**
 * The same mathematics without any haste: one element, one hash, one symbol at a time, written as the papers have it.
 *
 * <p>Tests hold the fast kernels equal to these, benchmarks measure against them. Nothing else uses them.
 */
@NullMarked
package dev.vibrissa.redstuff.naive;

import org.jspecify.annotations.NullMarked;
