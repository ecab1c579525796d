/** When stored blobs end: objects alive, grouped by the epoch at whose start they are gone. */
@NullMarked
package dev.vibrissa.api.expiry;

import org.jspecify.annotations.NullMarked;
