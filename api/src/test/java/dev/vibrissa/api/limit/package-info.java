@NullMarked
package dev.vibrissa.api.limit;

import org.jspecify.annotations.NullMarked;
