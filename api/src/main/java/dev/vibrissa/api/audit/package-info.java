/**
 * What the audits of storage nodes found: frames, rounds, probes, scores, cases, and the log that all of it stands in.
 *
 * <p>The verifier writes tables and stored records; here they are passed on, never computed again. Words are those of the
 * log. A moment in the past shows what had been asked by the time of its checkpoint.
 */
@NullMarked
package dev.vibrissa.api.audit;

import org.jspecify.annotations.NullMarked;
