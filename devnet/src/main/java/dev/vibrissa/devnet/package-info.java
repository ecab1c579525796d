/**
 * A small Walrus of our own, met only through the network: a Sui chain that signs its checkpoints, storage nodes with
 * real slivers, people who use them, and a script of faults. Everything follows from a seed.
 */
@NullMarked
package dev.vibrissa.devnet;

import org.jspecify.annotations.NullMarked;
