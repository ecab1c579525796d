/** Which chain this is, how far we have read it, how it was verified, and what could not be understood. */
@NullMarked
package dev.vibrissa.api.network;

import org.jspecify.annotations.NullMarked;
