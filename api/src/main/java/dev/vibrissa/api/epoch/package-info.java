/** Walrus epochs: when they began and were done, what they cost, who served them and who was late. */
@NullMarked
package dev.vibrissa.api.epoch;

import org.jspecify.annotations.NullMarked;
