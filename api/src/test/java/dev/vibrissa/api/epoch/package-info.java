@NullMarked
package dev.vibrissa.api.epoch;

import org.jspecify.annotations.NullMarked;
