/** Shared blobs: blobs that anybody may keep alive out of funds that anybody may add to. */
@NullMarked
package dev.vibrissa.api.shared;

import org.jspecify.annotations.NullMarked;
