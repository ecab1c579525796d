/** How evenly the shards are divided: among nodes, and among whoever may stand behind several of them. */
@NullMarked
package dev.vibrissa.api.concentration;

import org.jspecify.annotations.NullMarked;
