/**
 * Measurements beside references: decoding beside the Sui TypeScript SDK, storing facts beside plain COPY; and how fresh
 * answers are.
 *
 * <p>Both sides of a comparison run in the same call, in turns, and must give the same output; a figure whose hashes
 * differ is printed as FAIL.
 */
@NullMarked
package dev.vibrissa.benchmarks;

import org.jspecify.annotations.NullMarked;
