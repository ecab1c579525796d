/** Storage pools: capacity bought once for many blobs that all end with it. */
@NullMarked
package dev.vibrissa.api.pool;

import org.jspecify.annotations.NullMarked;
