/**
 * What is new, as server-sent events. One thread reads changes and the logs that are listened to, and hands each event to
 * whoever asked for such; a listener catches up by itself and then waits at a queue of its own.
 */
@NullMarked
package dev.vibrissa.api.stream;

import org.jspecify.annotations.NullMarked;
