/** Whether to believe the rest: how far each part of the program has come, and what does not agree. */
@NullMarked
package dev.vibrissa.api.status;

import org.jspecify.annotations.NullMarked;
