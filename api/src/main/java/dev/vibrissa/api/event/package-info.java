/** Events as the chain emitted them: decoded where we know their layout, as bytes always. */
@NullMarked
package dev.vibrissa.api.event;

import org.jspecify.annotations.NullMarked;
