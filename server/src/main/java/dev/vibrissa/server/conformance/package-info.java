/**
 * Proof against known answers: a folder of checkpoints is indexed by a process of its own that sees nothing else, and
 * every assertion about it is compared with what the API says over HTTP. Vectors of the erasure code and of quilts are computed here and
 * compared case by case.
 */
@NullMarked
package dev.vibrissa.server.conformance;

import org.jspecify.annotations.NullMarked;
