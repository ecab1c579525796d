/** Keys to what is somebody's own. The database has only their hashes. */
@NullMarked
package dev.vibrissa.api.key;

import org.jspecify.annotations.NullMarked;
