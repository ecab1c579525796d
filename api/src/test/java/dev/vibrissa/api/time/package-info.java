@NullMarked
package dev.vibrissa.api.time;

import org.jspecify.annotations.NullMarked;
