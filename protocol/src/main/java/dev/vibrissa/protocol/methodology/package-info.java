/**
 * How storage nodes are audited, in words and numbers: one document for each version, which the verifier follows and the
 * API serves.
 */
@NullMarked
package dev.vibrissa.protocol.methodology;

import org.jspecify.annotations.NullMarked;
