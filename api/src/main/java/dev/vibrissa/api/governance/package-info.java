/**
 * How Walrus is governed: votes and their weight, upgrades, slashing, prices, deny lists, versions of contract and protocol.
 *
 * <p>Who voted comes from the objects that votes change, weights from the committee of the epoch.
 */
@NullMarked
package dev.vibrissa.api.governance;

import org.jspecify.annotations.NullMarked;
