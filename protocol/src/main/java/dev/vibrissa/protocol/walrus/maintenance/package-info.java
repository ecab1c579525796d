/**
 * Maintenance that an operator announces, signed with a key that the chain has for its node. Who declares the window and
 * who judges by it do not know each other: they meet in these words.
 */
@NullMarked
package dev.vibrissa.protocol.walrus.maintenance;

import org.jspecify.annotations.NullMarked;
