@NullMarked
package dev.vibrissa.protocol.walrus.snapshot;

import org.jspecify.annotations.NullMarked;
