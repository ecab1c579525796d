@NullMarked
package dev.vibrissa.api.input;

import org.jspecify.annotations.NullMarked;
