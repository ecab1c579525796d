/**
 * The Walrus contracts, version 3, as Java: Move functions for the ledger. Their state is their objects and nothing
 * else, so that a chain goes on from its live objects.
 *
 * <p>The rules stand in classes that open a record of {@code protocol}, change it and give it back: {@link
 * dev.vibrissa.devnet.contract.Pool}, {@link dev.vibrissa.devnet.contract.StakingState}, {@link
 * dev.vibrissa.devnet.contract.SystemState}.
 */
@NullMarked
package dev.vibrissa.devnet.contract;

import org.jspecify.annotations.NullMarked;
