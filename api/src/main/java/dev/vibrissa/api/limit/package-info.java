/**
 * How much one client may ask of this process: requests a minute, and streams at a time.
 *
 * <p>A client is an API key, or else a network address. Each process counts for itself and keeps nothing: what is
 * counted is gone with it. Requests are turned away before anything is read for them.
 */
@NullMarked
package dev.vibrissa.api.limit;

import org.jspecify.annotations.NullMarked;
