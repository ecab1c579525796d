/**
 * Errors as problem documents of RFC 9457, the same for every way to fail: our own refusals, the framework's, and
 * faults nobody foresaw.
 *
 * <p>A problem names the field at fault and gives the numbers; the inside of the program stays in the log, found
 * again by a correlation id.
 */
@NullMarked
package dev.vibrissa.api.problem;

import org.jspecify.annotations.NullMarked;
