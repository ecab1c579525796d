@NullMarked
package dev.vibrissa.server.log;

import org.jspecify.annotations.NullMarked;
