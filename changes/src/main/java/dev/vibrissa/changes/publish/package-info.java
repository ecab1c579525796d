/**
 * Changes as records of a topic in Kafka, each once and in order, whatever is killed meanwhile.
 *
 * <p>Records and the position that they lead to are one Kafka transaction. Whoever starts ends the open transaction of
 * the one before, reads the position and goes on there.
 */
@NullMarked
package dev.vibrissa.changes.publish;

import org.jspecify.annotations.NullMarked;
