@NullMarked
package dev.vibrissa.changes;

import org.jspecify.annotations.NullMarked;
