/**
 * How long a request may take. The clock starts when its head was read; whatever waits on its behalf, for a connection
 * or for a statement, waits no longer than is left.
 */
@NullMarked
package dev.vibrissa.api.deadline;

import org.jspecify.annotations.NullMarked;
