@NullMarked
package dev.vibrissa.changes.publish;

import org.jspecify.annotations.NullMarked;
