@NullMarked
package dev.vibrissa.protocol.walrus.eventblob;

import org.jspecify.annotations.NullMarked;
