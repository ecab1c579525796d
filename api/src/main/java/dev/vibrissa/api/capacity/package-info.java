/** How much room there is, how much is reserved, and for how long ahead. */
@NullMarked
package dev.vibrissa.api.capacity;

import org.jspecify.annotations.NullMarked;
