/**
 * The erasure code: GF(2^16), its additive Fourier transform, and the Reed–Solomon code on top.
 *
 * <p>The transform is written once; what differs between machines is how a row is multiplied by a constant ({@link
 * dev.vibrissa.redstuff.code.Multipliers}). {@code naive.NaiveReedSolomon} does the same as the paper says it, and a test holds them
 * equal.
 */
@NullMarked
package dev.vibrissa.redstuff.code;

import org.jspecify.annotations.NullMarked;
