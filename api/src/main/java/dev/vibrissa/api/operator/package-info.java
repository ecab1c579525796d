/** Operators of storage nodes: stake, commission, rewards, yield, shards, votes, and how they keep their duties. */
@NullMarked
package dev.vibrissa.api.operator;

import org.jspecify.annotations.NullMarked;
