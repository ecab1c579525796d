@NullMarked
package dev.vibrissa.api.quote;

import org.jspecify.annotations.NullMarked;
