/** The API as it runs, over a chain with known answers. */
@NullMarked
package dev.vibrissa.server.api;

import org.jspecify.annotations.NullMarked;
