@NullMarked
package dev.vibrissa.indexer.fingerprint;

import org.jspecify.annotations.NullMarked;
