/**
 * What each role of this process does at the moment, and why. Roles say so themselves, on a board; health and metrics read
 * it. Nothing stops, pauses or waits without a word here.
 */
@NullMarked
package dev.vibrissa.server.work;

import org.jspecify.annotations.NullMarked;
