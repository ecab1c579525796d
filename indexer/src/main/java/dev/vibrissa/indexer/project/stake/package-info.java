/**
 * Stake and operators, which the contracts tell by no event: folded from versions of pools, positions, capabilities and
 * rates.
 *
 * <p>What changed is the difference of two versions; which operation changed it, {@link
 * dev.vibrissa.indexer.project.stake.StakeOperation} tells from all positions that a transaction touched.
 */
@NullMarked
package dev.vibrissa.indexer.project.stake;

import org.jspecify.annotations.NullMarked;
