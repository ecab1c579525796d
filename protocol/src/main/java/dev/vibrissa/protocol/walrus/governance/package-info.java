/** How a committee decides: which weight carries, and how votes become prices and capacity. Pure functions. */
@NullMarked
package dev.vibrissa.protocol.walrus.governance;

import org.jspecify.annotations.NullMarked;
