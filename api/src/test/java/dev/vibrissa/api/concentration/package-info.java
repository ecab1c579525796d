@NullMarked
package dev.vibrissa.api.concentration;

import org.jspecify.annotations.NullMarked;
