/**
 * The arithmetic of delegated stake: what a position is worth, and what it yielded. Exact integers throughout, rounded
 * where the contract rounds.
 */
@NullMarked
package dev.vibrissa.protocol.walrus.stake;

import org.jspecify.annotations.NullMarked;
