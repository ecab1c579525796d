/**
 * Binary Canonical Serialization, the byte format of everything on Sui.
 *
 * <p>Only the primitives stand here; each type of the chain decodes itself from a {@link
 * dev.vibrissa.protocol.bcs.BcsReader}, so that a decoder reads like the Move or Rust struct it stands for.
 */
@NullMarked
package dev.vibrissa.protocol.bcs;

import org.jspecify.annotations.NullMarked;
