/** How much WAL there is, and what was burnt. */
@NullMarked
package dev.vibrissa.api.supply;

import org.jspecify.annotations.NullMarked;
