/** Delegated stake: positions with their value, what was done with them, and an address's statement of both. */
@NullMarked
package dev.vibrissa.api.stake;

import org.jspecify.annotations.NullMarked;
