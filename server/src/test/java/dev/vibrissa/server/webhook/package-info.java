@NullMarked
package dev.vibrissa.server.webhook;

import org.jspecify.annotations.NullMarked;
