/**
 * A Kafka broker for tests and benches. It is a real one, of one node in KRaft mode, in a process of its own with a class
 * path of its own: nothing of it is on the class path of whoever starts it.
 */
@NullMarked
package dev.vibrissa.testbroker;

import org.jspecify.annotations.NullMarked;
