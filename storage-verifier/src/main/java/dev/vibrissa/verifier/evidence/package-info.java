/**
 * What is written down so that strangers can check it: hash trees, the hash-chained log, dossiers.
 *
 * <p>Everything here is plain SHA-256, Ed25519 and JSON, so that a check needs no part of this program.
 */
@NullMarked
package dev.vibrissa.verifier.evidence;

import org.jspecify.annotations.NullMarked;
