@NullMarked
package dev.vibrissa.api.object;

import org.jspecify.annotations.NullMarked;
