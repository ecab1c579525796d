/** Sui checkpoints and those of their transactions that touched Walrus, with what each of them did. */
@NullMarked
package dev.vibrissa.api.checkpoint;

import org.jspecify.annotations.NullMarked;
