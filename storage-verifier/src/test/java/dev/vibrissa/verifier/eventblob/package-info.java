@NullMarked
package dev.vibrissa.verifier.eventblob;

import org.jspecify.annotations.NullMarked;
