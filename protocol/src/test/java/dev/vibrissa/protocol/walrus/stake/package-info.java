@NullMarked
package dev.vibrissa.protocol.walrus.stake;

import org.jspecify.annotations.NullMarked;
