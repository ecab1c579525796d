/** What all packages of the protocol share: identifiers of 32 bytes. */
@NullMarked
package dev.vibrissa.protocol;

import org.jspecify.annotations.NullMarked;
