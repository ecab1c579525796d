/**
 * Lists: pages by keyset cursor, never by offset, in JSON or CSV.
 *
 * <p>A page says where the next one begins, or that there is none; nothing is cut silently. A cursor belongs to the
 * resource, order and filters it was made for and is refused by any other.
 */
@NullMarked
package dev.vibrissa.api.page;

import org.jspecify.annotations.NullMarked;
