@NullMarked
package dev.vibrissa.server.audit;

import org.jspecify.annotations.NullMarked;
