/**
 * Whether a checkpoint is believed: contents against digests, digests against a certificate, and each checkpoint
 * against the one before it.
 */
@NullMarked
package dev.vibrissa.indexer.trust;

import org.jspecify.annotations.NullMarked;
