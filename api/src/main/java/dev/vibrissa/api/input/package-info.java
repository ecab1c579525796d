/**
 * Parameters, read strictly: what cannot be read, and what no resource knows, is refused by name rather than ignored.
 */
@NullMarked
package dev.vibrissa.api.input;

import org.jspecify.annotations.NullMarked;
